import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { Report } from "../../cli/diff/report.ts";
import { type OneDatastore, oneDatastore } from "../recovery/oneDatastore.ts";

/** Objects of the repository's own: a Secret, and so many others that a comment folds them. */
const own = `
import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const provider = new kubernetes.Provider("own", { kubeconfig: ".sandbox/kubeconfig", context: "sandbox", enableSecretMutable: true });
const [namespace, token] = ["mplp-production", pulumi.secret(readFileSync("token.txt", "utf8"))];
new kubernetes.core.v1.Secret("token", { metadata: { name: "token", namespace }, stringData: { token } }, { provider });
for (let number = 1; number <= 500; number++) {
  const metadata = { name: \`own-\${number}\`, namespace, labels: { team: readFileSync("team.txt", "utf8") } };
  new kubernetes.core.v1.ConfigMap(metadata.name, { metadata }, { provider });
}
`;

/** Its image moves, and it says no time zone. */
const violating = `
const containers = [{ name: "a", image: "busybox" }];
new kubernetes.batch.v1.CronJob(
  "bad",
  {
    metadata: { name: "bad", namespace, labels: { "upkeep/rules": "own" } },
    spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: { containers, restartPolicy: "Never" } } } } },
  },
  { provider },
);
`;

type Change = (folder: string) => Promise<void>;

/** Rewrites a file of the copy, which must change. */
const rewriting =
  (file: string, from: string | RegExp, to: string): Change =>
  async (folder) => {
    const before = await readFile(join(folder, file), "utf8");
    const after = before.replace(from, to);
    assert.notEqual(after, before, `${file} has no ${from}`);
    await writeFile(join(folder, file), after);
  };
/** Changes the service's declaration. */
const declaring = (fields: string): Change => rewriting("services/mplp.ts", "...whole,", `...whole, ${fields},`);
const backups = (fields: string): Change =>
  rewriting("services/mplp.ts", '=== "main"),\n};', `=== "main").map((one) => ({ ...one, ${fields} })),\n};`);
const configuring =
  (change: (config: Record<string, never>) => void): Change =>
  async (folder) => {
    const path = join(folder, "Pulumi.sandbox.yaml");
    const file = parse(await readFile(path, "utf8"));
    change(file.config);
    await writeFile(path, stringify(file));
  };
const judging =
  (policies: object): Change =>
  (folder) =>
    writeFile(
      join(folder, "policies/config/sandbox.json"),
      JSON.stringify({ all: { enforcementLevel: "mandatory", profile: "house" }, ...policies }),
    );
const both =
  (...changes: Change[]): Change =>
  async (folder) => {
    for (const change of changes) await change(folder);
  };

const terms = { reason: "the registry's mirror moves this month", until: "2026-12-20" };
const weekly = 'schedule: { value: "0 2 * * 0", source: "assumed" }';

const changes: [what: string, change: Change][] = [
  ["nothing", async () => {}],
  ["a schedule that moves", backups('schedule: { value: "0 4 * * *", source: "assumed" }')],
  ["a preview that fails", backups(weekly)],
  [
    "a recovery point that is broken",
    both(
      declaring('objectives: { ...whole.objectives, recoveryPoint: { value: "192h", source: "assumed" } }'),
      backups(weekly),
    ),
  ],
  [
    "a deletion",
    both(
      rewriting("services/mplp.ts", /backups: .*/, "backups: [],"),
      rewriting(
        "services/mplp.ts",
        '=== "main"),\n',
        '=== "main").map((one) => ({ ...one, unprotected: "it is filled again" })),\n',
      ),
    ),
  ],
  [
    "a bucket that is replaced",
    // Its name has the region.
    configuring((config: { "upkeep:aws"?: { region: string } }) => {
      Object.assign(config["upkeep:aws"] ?? {}, { region: "eu-west-1" });
    }),
  ],
  [
    "a service that is added",
    configuring((config) => void Object.assign(config, { "upkeep:services": ["mplp", "js-mcp"] })),
  ],
  [
    "a service that is retired",
    configuring((config) => void Object.assign(config, { "upkeep:services": ["js-mcp"], "upkeep:retired": ["mplp"] })),
  ],
  ["a receiver that changes", rewriting("Pulumi.sandbox.yaml", "#alerts", "#elsewhere")],
  ["a secret that is rotated", rewriting("token.txt", "first", "second")],
  ["500 resources that change", rewriting("team.txt", "shop", "orders")],
  ["a violation", (folder) => appendFile(join(folder, "index.ts"), violating)],
  ["a policy that is lowered", judging({ "image-pinned": { enforcementLevel: "advisory", ...terms } })],
  [
    "an exemption that ends soon",
    both(
      (folder) => appendFile(join(folder, "index.ts"), violating),
      judging({
        "exemptions-in-date": {
          exemptions: [
            {
              policy: "image-pinned",
              resource: "CronJob mplp-production/bad",
              path: "spec.jobTemplate.spec.template.spec.containers[name=a].image",
              owner: "team-shop",
              ticket: "SHOP-123",
              ...terms,
            },
          ],
        },
      }),
    ),
  ],
  [
    "a component that is renamed with an alias",
    rewriting(
      "components/deploy.ts",
      'new AlertRoutes("alert-routes", { environment, services: maintained }, { providers })',
      'new AlertRoutes("routes", { environment, services: maintained }, { providers, aliases: [{ name: "alert-routes" }] })',
    ),
  ],
];

/** Against a stack that was deployed for real, `make diff` says the same as without it. */
describe("`make diff LIVE=1`", function () {
  this.timeout("15m");
  let sandbox: OneDatastore;
  const git = (...args: string[]) => execa("git", args, { cwd: sandbox.folder });
  async function diff(...flags: string[]): Promise<Report> {
    const { stdout, stderr } = await execa(
      process.execPath,
      ["cli/main.ts", "diff", "--base=main", "sandbox", "--json", ...flags],
      { cwd: sandbox.folder, env: { SLOT: sandbox.slot }, reject: false, stdin: "ignore" },
    );
    if (!stdout.startsWith("[")) throw new Error(stderr);
    return (JSON.parse(stdout) as [Report])[0];
  }

  before("deploy the base", async () => {
    sandbox = await oneDatastore("11");
    const { folder, run } = sandbox;
    await appendFile(join(folder, "index.ts"), own);
    await writeFile(join(folder, "token.txt"), "first-token-of-the-shop");
    await writeFile(join(folder, "team.txt"), "shop");
    await git("init", "--quiet", "--initial-branch=main");
    await writeFile(join(folder, ".git/info/exclude"), "node_modules\n.cache\n.sandbox\n");
    await git("add", "--all");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    await git(...author, "commit", "--quiet", "--message=Declare services");
    await run("pulumi", "up", "--yes", "--skip-preview", "--stack", "sandbox", "--color=never");
  });
  after(() => sandbox?.remove());

  for (const [what, change] of changes) {
    it(`says what \`make diff\` says of ${what}`, async () => {
      await change(sandbox.folder);
      try {
        const [offline, live] = [await diff(), await diff("--live")];
        assert.deepEqual(live, offline);
        const { failure, promises, removals, policies, resources } = offline;
        const said = [failure, promises, removals, policies.violations, resources].flat();
        // A component that is renamed with an alias is the other change of which there is nothing to say.
        assert.equal(said.length === 0, what === "nothing" || what.includes("alias"));
      } finally {
        await git("checkout", "--quiet", "--", ".");
        await git("clean", "--quiet", "--force");
      }
    });
  }
});
