import assert from "node:assert/strict";
import { backupFaults } from "../../../../domain/backup/backupFaults.ts";
import { readFrom } from "../../../../domain/backup/datastores/volume.ts";
import type { Volume } from "../../../../domain/declaration/datastore.ts";
import { volume } from "../../../../domain/declaration/datastore.ts";
import type { Service } from "../../../../domain/declaration/service.ts";
import { declarationFaults } from "../../../../domain/declarationFaults.ts";
import { inEnvironment } from "../../../../domain/environment/inEnvironment.ts";
import { assumed } from "../../../../domain/values/sourced.ts";
import { environmentOf } from "../../../support/environment.ts";
import { refused } from "../../../support/refused.ts";
import { keeping, shop } from "../../../support/shop.ts";

const prod = environmentOf("prod");

const uploads = keeping(shop, "uploads");
const [declared] = uploads.datastores as [Volume];

/** The shop with its volume alone, changed: 200Gi within 23 minutes, which fits at 150Mi a second. */
function declaring(changes: Partial<Volume> = {}, deadline: "23m" | "15m" = "23m"): Service {
  const datastores = [{ ...declared, size: assumed("200Gi"), throughput: assumed("150Mi"), ...changes } as Volume];
  return { ...uploads, datastores, backups: uploads.backups.map((one) => ({ ...one, deadline })) };
}

const refusal = (service: Service) => refused(backupFaults(service));
const tooShort = [["deadline-shorter-than-backup", "backups[0].deadline"]];

describe("a volume", () => {
  it("is backed up where its deadline fits what it takes to read", () => {
    assert.deepEqual(refusal(shop), []);
    assert.deepEqual(refusal(declaring()), []);
  });

  it("that takes longer to read than its backup may is refused with the sum", () => {
    const slow = declaring({ throughput: assumed("125Mi") });
    assert.deepEqual(refusal(slow), tooShort);
    assert.match(backupFaults(slow)[0]?.got ?? "", /^23m, .* 27m 19s \(200Gi at 125Mi a second\)$/);
    assert.deepEqual(refusal(declaring({}, "15m")), tooShort);
    assert.deepEqual(refusal(declaring({ size: assumed("100Gi") }, "15m")), []);
  });

  it("that takes exactly as long is refused, and fits a second below", () => {
    const exactly = { size: assumed("138000Mi"), throughput: assumed("100Mi") } as const;
    assert.deepEqual(refusal(declaring(exactly)), tooShort);
    assert.deepEqual(refusal(declaring({ ...exactly, size: assumed("137900Mi") })), []);
  });

  it("is cloned where the cluster clones, else read beside its owner, else refused", () => {
    const without = environmentOf("staging");
    assert.equal(without.features.csiClones, false);
    assert.deepEqual(readFrom(declared, prod), declared.from);
    assert.deepEqual(readFrom(declared, without), { owner: { app: "shop-web" } });
    const beside = { owner: { app: "files" } };
    assert.deepEqual(readFrom({ ...declared, from: beside }, without), beside);
    const onlyCloned = declaring({ from: { cloneClass: "gp3" } });
    const faults = (environment: typeof prod) =>
      refused(declarationFaults(inEnvironment(onlyCloned, environment), environment));
    assert.deepEqual(faults(prod), []);
    assert.deepEqual(faults(without), [["cluster-without-clones", 'datastores "uploads" from']]);
  });

  it("without a backup is not judged by where it is read from", () => {
    const files = volume("files", { ...declared, from: { cloneClass: "gp3" }, unprotected: "rebuilt by the service" });
    const datastores = [...shop.datastores, files];
    assert.deepEqual(declarationFaults({ ...shop, datastores }, environmentOf("staging")), []);
  });
});
