import assert from "node:assert/strict";
import { clone } from "../../cli/common/paths.ts";
import { declaredServices } from "../../services/index.ts";
import { edited, type Sandbox, sandboxUnderTest, up } from "../support/sandbox.ts";

const all = (await declaredServices()).map(({ name }) => name).sort();
/** Two halves: each service is retired once, and once stays beside retired ones. */
const halves = [all.slice(0, 2), all.slice(2)];

describe("services that are retired", function () {
  this.timeout("5m");
  let sandbox: Sandbox;
  let everything: string[];

  before(async () => {
    sandbox = await sandboxUnderTest();
    everything = await objects();
  });
  // Back to all five, whatever failed.
  after(async () => {
    const { exitCode, text } = await up(sandbox, clone, "--skip-preview");
    assert.equal(exitCode, 0, text);
    assert.deepEqual(await objects(), everything);
  });

  for (const retired of halves) {
    it(`take their objects and nothing of another, and keep their buckets: ${retired.join(", ")}`, async () => {
      const services = all.filter((other) => !retired.includes(other)).join(", ");
      const change = edited("Pulumi.sandbox.yaml", [
        "  upkeep:services: [task-mcp, js-mcp, mplp, tapio, lang-observatory]",
        `  upkeep:services: [${services}]\n  upkeep:retired: [${retired.join(", ")}]`,
      ]);
      try {
        const { exitCode, text } = await up(sandbox, change.folder, "--skip-preview");
        assert.equal(exitCode, 0, text);
        const ofRetired = (object: string) => retired.some((name) => object.startsWith(`${name} `));
        for (const name of retired)
          assert.ok(
            everything.some((object) => object.startsWith(`${name} `)),
            `${name} had no object to take`,
          );
        assert.deepEqual(
          await objects(),
          everything.filter((object) => !ofRetired(object)),
        );
        const buckets = await sandbox.aws("s3api", "list-buckets", "--query", "Buckets[].Name", "--output=text");
        for (const name of retired) assert.match(buckets, new RegExp(`${name}-backups-sandbox-`));
      } finally {
        change.remove();
      }
    });
  }

  /** Every object of Upkeep's, with the service that it is part of first. */
  async function objects(): Promise<string[]> {
    const kinds = "cronjob,configmap,networkpolicy,prometheusrule,probe,serviceaccount,role,rolebinding,hpa,pdb";
    const list = await sandbox.kubectl(
      ...["get", kinds, "--all-namespaces", "--output=json"],
      "--selector=app.kubernetes.io/managed-by=upkeep",
    );
    const { items } = JSON.parse(list) as {
      items: { kind: string; metadata: { namespace: string; name: string; labels: Record<string, string> } }[];
    };
    return items
      .map(
        ({ kind, metadata }) =>
          `${metadata.labels["app.kubernetes.io/part-of"]} ${kind} ${metadata.namespace}/${metadata.name}`,
      )
      .sort();
  }
});
