import assert from "node:assert/strict";
import { clone } from "../../cli/common/paths.ts";
import { declaredServices } from "../../services/index.ts";
import { edited, type Sandbox, sandboxUnderTest, up } from "../support/sandbox.ts";

const all = (await declaredServices()).map(({ name }) => name).sort();

describe("a service that is retired", function () {
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

  for (const name of all) {
    it(`takes its objects and nothing of another, and keeps its bucket: ${name}`, async () => {
      const services = all.filter((other) => other !== name).join(", ");
      const change = edited("Pulumi.sandbox.yaml", [
        "  upkeep:services: [task-mcp, js-mcp, mplp, tapio, lang-observatory]",
        `  upkeep:services: [${services}]\n  upkeep:retired: [${name}]`,
      ]);
      try {
        const { exitCode, text } = await up(sandbox, change.folder, "--skip-preview");
        assert.equal(exitCode, 0, text);
        const own = (object: string) => object.startsWith(`${name} `);
        assert.ok(everything.some(own), "it had no object to take");
        assert.deepEqual(
          await objects(),
          everything.filter((object) => !own(object)),
        );
        const buckets = await sandbox.aws("s3api", "list-buckets", "--query", "Buckets[].Name", "--output=text");
        assert.match(buckets, new RegExp(`${name}-backups-sandbox-`));
      } finally {
        change.remove();
      }
    });
  }

  /** Every object of Upkeep's, with the service that it is part of first. */
  async function objects(): Promise<string[]> {
    const kinds = "cronjob,networkpolicy,prometheusrule,probe,serviceaccount,role,rolebinding,hpa,pdb";
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
