import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";

const stacks = readdirSync(clone).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** The kinds whose definitions no package of the sandbox brings; unit tests judge what Upkeep writes of them. */
const undefinedKinds = ["VerticalPodAutoscaler"];

/** What `pulumi preview --json` says of one resource. */
interface Step {
  newState?: {
    type: string;
    inputs?: { apiVersion?: string; kind?: string; metadata?: { namespace?: string } };
  };
}

describe("every manifest", function () {
  this.timeout("5m");
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  /** The namespaces that were made for a stack: beside an object of the sandbox's own, two would be judged as one. */
  let made: string[] = [];
  const makeNamespaces = async (wanted: Set<string>) => {
    made = [...wanted];
    for (const name of made) await sandbox.kubectl("create", "namespace", name);
  };
  afterEach(async () => {
    for (const name of made) await sandbox.kubectl("delete", "namespace", name, "--wait=false");
    made = [];
  });

  for (const stack of stacks) {
    it(`of ${stack} is accepted by the API server's strict validation, and kept as it is declared`, async () => {
      const { stdout } = await execa(process.execPath, ["cli/main.ts", "preview", stack, "--json"], {
        cwd: clone,
        stdin: "ignore",
      });
      const { steps } = JSON.parse(stdout) as { steps: Step[] };
      // A preview shows no Secret's data; amtool judges what ours hold.
      const manifests = steps
        .flatMap(({ newState }) => (newState?.inputs?.apiVersion ? [newState.inputs] : []))
        .filter(({ kind = "" }) => !undefinedKinds.includes(kind))
        .map((manifest) => (manifest.kind === "Secret" ? { ...manifest, data: {}, stringData: {} } : manifest))
        .map((manifest) => ({
          ...manifest,
          metadata: { ...manifest.metadata, namespace: `${manifest.metadata?.namespace}-${stack}` },
        }));
      const kinds = manifests.map(({ kind }) => kind);
      const expected = ["CronJob", "NetworkPolicy", "PrometheusRule", "Role", "RoleBinding", "ServiceAccount"];
      assert.deepEqual(
        expected.filter((kind) => !kinds.includes(kind)),
        [],
      );
      await makeNamespaces(new Set(manifests.flatMap(({ metadata }) => metadata?.namespace ?? [])));
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
      const args = [
        "apply",
        "--dry-run=server",
        "--validate=strict",
        "--server-side",
        "--field-manager=test",
        "--force-conflicts",
        "--output=json",
        "--filename=-",
      ];
      const { items } = JSON.parse(await sandbox.run("kubectl", args, list)) as { items: object[] };
      assert.equal(items.length, manifests.length);
      // A value that the API keeps in another form conflicts when another field manager declares it again: in a recovery.
      assert.deepEqual(
        items.flatMap((kept, index) => changed(manifests[index], kept)),
        [],
      );
    });
  }

  it("with an unknown field would be refused", async () => {
    const broken = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "x", namespace: "mplp-production" },
      spec: { shedule: "" },
    };
    const args = ["apply", "--dry-run=server", "--validate=strict", "--server-side", "--filename=-"];
    await assert.rejects(sandbox.run("kubectl", args, JSON.stringify(broken)), /shedule/);
  });
});

/**
 * Where something that was declared has changed: `path: declared, kept`. Additions do not count, and an empty
 * text is as good as none.
 */
function changed(declared: unknown, kept: unknown, path = ""): string[] {
  if (typeof declared !== "object" || declared === null)
    return declared === (kept ?? "") ? [] : [`${path}: ${JSON.stringify(declared)}, ${JSON.stringify(kept)}`];
  return Object.entries(declared).flatMap(([key, value]) =>
    changed(value, (kept as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
  );
}
