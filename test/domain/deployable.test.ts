import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrokenService, type Declared, judged } from "../../domain/declaration/broken.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { deployable } from "../../domain/deployable.ts";
import type { DeclarationError } from "../../domain/values/fault.ts";
import { loadServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal as faultsIn, refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";

const enabling = (...services: string[]) => environmentOf("prod", { services, differs: {} });

/** The message for a stack that enables some services. */
function refusal(declared: readonly Declared[], ...services: string[]): DeclarationError | undefined {
  try {
    deployable(enabling(...services), declared);
  } catch (error) {
    return error as DeclarationError;
  }
  return undefined;
}

describe("what a stack deploys", () => {
  const broken = {
    ...shop,
    name: "broken",
    datastores: [{ ...shop.datastores[0], version: 16 }],
  } as unknown as Service;

  it("is the services that it enables, though another is broken", () => {
    const { maintained, retired } = deployable(enabling("shop"), [broken, shop]);
    assert.deepEqual([maintained.map(({ name }) => name), retired], [["shop"], []]);
  });

  it("may be nothing but services that are retired, whose buckets stay, and not nothing at all", () => {
    const only = (...retired: string[]) =>
      deployable(environmentOf("prod", { services: [], retired, differs: {} }), [shop]);
    const { maintained, retired } = only("shop");
    assert.deepEqual([maintained, retired.map(({ name }) => name)], [[], ["shop"]]);
    assert.deepEqual(refused(faultsIn(() => only())), [["no-service", "upkeep:services in Pulumi.prod.yaml"]]);
  });

  it("is refused where an enabled one is broken, by its name, with each of its faults", () => {
    const error = refusal([broken, shop], "shop", "broken");
    assert.match(error?.message ?? "", /^service "broken" cannot be deployed:/);
    assert.deepEqual(
      error?.faults.map(({ path }) => path),
      ["datastores[0].version"],
    );
    const both = refusal([broken, new BrokenService("other", error?.faults ?? [])], "broken", "other");
    assert.match(both?.message ?? "", /^services "broken", "other" cannot be deployed:/);
    assert.deepEqual(
      both?.faults.map(({ path }) => path),
      ["broken: datastores[0].version", "other: datastores[0].version"],
    );
  });

  it("is refused for a difference that names nothing, but for what a broken service may declare", () => {
    const with_ = (differs: object, declared: Declared[]) => () =>
      deployable(environmentOf("prod", { services: ["shop"], differs }), declared);
    assert.throws(with_({ sizes: { "broken/main": "1Gi" } }, [shop]));
    assert.throws(with_({ sizes: { "shop/none": "1Gi" } }, [shop, broken]));
    with_({ sizes: { "broken/main": "1Gi" }, namespaces: { elsewhere: "here" } }, [shop, broken])();
  });

  it("is refused for a promise that is broken, as `up` does", () => {
    const slow = {
      ...shop,
      objectives: { ...shop.objectives, recoveryPoint: { value: "1h", assumed: true } },
    } as Service;
    assert.ok(refusal([slow], "shop"));
  });
});

describe("a folder of services", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "upkeep-services-"));
    await writeFile(join(folder, "fine.ts"), `export const fine = ${JSON.stringify({ ...shop, name: "fine" })};`);
    await writeFile(join(folder, "syntax.ts"), "export const = 1;");
    await writeFile(join(folder, "throws.ts"), 'throw new RangeError("no such time");');
    await writeFile(join(folder, "faulty.ts"), 'export const one = { name: "named" }; export const other = 7;');
    await writeFile(join(folder, "index.ts"), "throw new Error();");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("gives each service, and of a file that does not load or declares something else its name and why", async () => {
    const { services, broken } = judged(await loadServices(folder));
    assert.deepEqual(
      services.map(({ name }) => name),
      ["fine"],
    );
    assert.deepEqual(
      broken.map(({ name, faults }) => [name, faults[0]?.code]),
      [
        ["named", "missing"],
        ["faulty", "not-allowed"],
        ["syntax", "file-does-not-load"],
        ["throws", "file-does-not-load"],
      ],
    );
    const throws = broken.find(({ name }) => name === "throws") as BrokenService;
    assert.match(throws.faults[0]?.got ?? "", /RangeError: no such time/);
    assert.equal(throws.faults[0]?.path, "services/throws.ts");
  });
});
