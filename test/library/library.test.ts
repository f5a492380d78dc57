import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { engineIn } from "../../cli/engine.ts";
import { bundled } from "../../components/jobs/bundle.ts";
import { settingsOf } from "../support/environment.ts";

/** Another team's program: a service of their own, on their own providers, with a component beside it. */
const program = `
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { assumed, backup, daily, defineService, MaintainedService, parseEnvironment, placed, postgres, secret } from "upkeep";

const environment = parseEnvironment("prod", ${JSON.stringify({ ...settingsOf("prod"), differs: {}, services: ["shop"] })});
const shop = defineService({
  name: "shop",
  namespace: "shop",
  owner: { team: "shop" },
  indicators: {},
  objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
  workloads: [],
  endpoints: [],
  datastores: [
    postgres("orders", { host: "db", version: 17, database: "orders", size: assumed("10Gi"), credentials: secret("db") }),
  ],
  backups: [
    backup("orders", {
      job: "shop-backup",
      schedule: assumed(daily("03:00")),
      keep: { daily: assumed("14d") },
      prefix: "orders/",
      startingDeadline: "30m",
      deadline: "45m",
      drill: { job: "shop-drill", schedule: assumed("0 5 * * 0"), startingDeadline: "1h" },
    }),
  ],
  monitor: { job: "shop-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" },
  alerts: [],
  windows: [],
  notify: { critical: ["pagerduty"], warning: ["slack"], info: [] },
});
const providers = [
  new kubernetes.Provider("cluster", { context: "prod" }),
  new aws.Provider("account", { region: "eu-central-1" }),
];
new MaintainedService("shop", { environment, service: placed(shop, environment) }, { providers });
`;

describe("the packed library, in another project", function () {
  this.timeout("5m");
  let project: string;

  before(async () => {
    project = await mkdtemp(join(tmpdir(), "upkeep-library-"));
    const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", project], { cwd: clone });
    const tarball = stdout.trim().split("\n").at(-1) as string;
    const { devDependencies } = JSON.parse(await readFile(join(clone, "package.json"), "utf8"));
    const dependencies = { upkeep: `file:${tarball}`, "@types/node": devDependencies["@types/node"] };
    await Promise.all([
      writeFile(
        join(project, "package.json"),
        JSON.stringify({ name: "shop", type: "module", main: "index.ts", dependencies }),
      ),
      writeFile(join(project, "Pulumi.yaml"), stringify({ name: "shop", runtime: "nodejs" })),
      writeFile(join(project, "index.ts"), program),
    ]);
    await execa("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: project });
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("is compiled: Node strips no types under node_modules", async () => {
    const files = await readdir(join(project, "node_modules/upkeep"), { recursive: true });
    assert.ok(files.includes("dist/components/index.js"));
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$/.test(file)),
      [],
    );
  });

  it("carries its programs bundled, as a clone would run them: no bundler is installed with it", async () => {
    const installed = await readdir(join(project, "node_modules"));
    assert.deepEqual(
      installed.filter((name) => ["esbuild", "age-encryption", "aws4fetch"].includes(name)),
      [],
    );
    const programs = join(project, "node_modules/upkeep/dist/programs");
    for (const name of ["health/monitor", "configuration/export-secrets"]) {
      assert.equal(await readFile(join(programs, `${name}.js`), "utf8"), bundled(`${name}.ts`));
    }
  });

  it("gives an editor its types, and refuses what they refuse", async () => {
    const check = () =>
      execa(
        join(clone, "node_modules/.bin/tsc"),
        ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck", "--types", "node", "index.ts"],
        { cwd: project, reject: false, all: true },
      );
    assert.equal((await check()).all, "");
    await writeFile(join(project, "index.ts"), program.replace('size: assumed("10Gi")', 'size: assumed("10 GB")'));
    const { all } = await check();
    await writeFile(join(project, "index.ts"), program);
    assert.match(all, /index\.ts\(\d+,\d+\): error TS2322: .*"10 GB"/);
  });

  it("declares a whole service through the engine", async () => {
    const engine = await engineIn(project, { KUBECONFIG: "/dev/null" });
    const run = (...args: string[]) =>
      execa("pulumi", args, { cwd: project, env: engine.environment, extendEnv: false, stdin: "ignore" });
    await run("stack", "init", "prod");
    const { stdout } = await run("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const created = steps.filter(({ op }) => op === "create").map(({ urn }) => urn.split("::").slice(2).join("::"));
    assert.ok(created.some((urn) => urn.endsWith("kubernetes:batch/v1:CronJob::shop-orders-cronjob")));
    assert.ok(created.some((urn) => urn.endsWith("aws:s3/bucket:Bucket::shop-backups-bucket")));
  });
});
