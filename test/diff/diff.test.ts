import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { markdownOf } from "../../cli/diff/markdown.ts";
import type { Report } from "../../cli/diff/report.ts";
import { assumed } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { enableIn } from "../support/copyWith.ts";
import { billing, keeping, shop } from "../support/shop.ts";
import { declaring, Repository } from "./repository.ts";

const small = keeping(shop, "orders");
const orders = small.backups[0] as Service["backups"][number];

/** The service with other values of its backup. */
function withBackup(values: Partial<Service["backups"][number]>): Service {
  return { ...small, backups: [{ ...orders, ...values }] };
}

/** Rewrites a file of the copy, which must change. */
function rewriting(file: string, from: string | RegExp, to: string): (folder: string) => Promise<void> {
  return async (folder) => {
    const path = join(folder, file);
    const before = await readFile(path, "utf8");
    const after = before.replace(from, to);
    assert.notEqual(after, before, `${file} has no ${from}`);
    await writeFile(path, after);
  };
}

/** Adds to the program. */
function adding(code: string): (folder: string) => Promise<void> {
  return (folder) => appendFile(join(folder, "index.ts"), code);
}

/** It runs as root, and its name would be markdown. */
const hostileJob = `
const containers = [{ name: "a", image: "busybox" }];
new kubernetes.batch.v1.CronJob(
  "\`@owners <b>",
  {
    metadata: { name: "bad", namespace: "shop", labels: { "upkeep/rules": "own" } },
    spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: { containers, restartPolicy: "Never" } } } } },
  },
  { provider },
);
`;

/** Configures prod's policies, beside its profile. */
function judging(policies: object): (folder: string) => Promise<void> {
  const all = { enforcementLevel: "mandatory", profile: "house" };
  return (folder) => writeFile(join(folder, "policies/config/prod.json"), JSON.stringify({ all, ...policies }));
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Its path in no List, and no time zone: one fault. */
const zonelessJob = `
const containers = [{ name: "a", image: "registry.example.com/a:1.2.3", resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "16Mi", "ephemeral-storage": "16Mi" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } } }];
const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
const pod = { automountServiceAccountToken: false, securityContext, containers, restartPolicy: "Never" };
new kubernetes.batch.v1.CronJob(
  "report",
  {
    metadata: { name: "report", namespace: "shop", labels: { "upkeep/rules": "own" } },
    spec: {
      schedule: "0 0 * * *", concurrencyPolicy: "Forbid", startingDeadlineSeconds: 600, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { activeDeadlineSeconds: 600, backoffLimit: 0, template: { spec: pod } } },
    },
  },
  { provider },
);
`;

const MANY = 500;
/** Many objects of the repository's own, which all have what one file says. */
const manyObjects = `
const team = readFileSync("token.txt", "utf8");
for (let number = 1; number <= ${MANY}; number++) {
  const metadata = { name: \`configuration-of-a-team-\${number}\`, namespace: "shop", labels: { team } };
  new kubernetes.core.v1.ConfigMap(metadata.name, { metadata }, { provider });
}
`;

/** Prod's, as far as tests change them. */
interface Settings {
  "upkeep:retired"?: string[];
  "upkeep:aws": { account: string };
  "upkeep:alerting": { receivers: { default: { slack: { channel: string } } } };
}

/** Changes prod's settings. */
function configuring(change: (config: Settings) => void): (folder: string) => Promise<void> {
  return async (folder) => {
    const path = join(folder, "Pulumi.prod.yaml");
    const file = parse(await readFile(path, "utf8"));
    change(file.config);
    await writeFile(path, stringify(file));
  };
}

const promises = ({ promises }: Report) =>
  promises.map(
    ({ direction, subject, what, before = "", after = "" }) => `${direction} ${subject} ${what}: ${before} -> ${after}`,
  );
const changed = ({ resources }: Report) =>
  resources.flatMap(({ service, changes }) => changes.map(({ op, name }) => `${service} ${op} ${name}`));

describe("`make diff`", function () {
  this.timeout("3m");
  let repository: Repository;
  before(async () => {
    repository = await Repository.create([small, billing], ["shop"]);
  });
  after(() => repository.remove());

  it("finds nothing where nothing changed, and touches no tracked file", async () => {
    const { stdout, stderr, exitCode } = await repository.print();
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^prod compared with main \([0-9a-f]{12}\): nothing changes$/);
    assert.equal(await repository.changed(), "");
  });

  it("shows a schedule that moved, of the promise and of the job", async () => {
    const { report, exitCode } = await repository.diff(declaring(withBackup({ schedule: assumed("0 4 * * *") })));
    assert.equal(exitCode, 0, JSON.stringify(report.failure));
    assert.deepEqual(promises(report), ["changed shop/orders schedule of backups: 0 2 * * * -> 0 4 * * *"]);
    const cronJob = report.resources
      .flatMap(({ changes }) => changes)
      .find(({ name }) => name === "shop-orders-cronjob");
    assert.equal(cronJob?.op, "update");
    assert.deepEqual(
      cronJob?.values.filter(({ path }) => path === "spec.schedule"),
      [{ path: "spec.schedule", before: "0 2 * * *", after: "0 4 * * *" }],
    );
    assert.deepEqual(report.removals, []);
  });

  it("says in the program's own words why the preview fails", async () => {
    const { report, exitCode } = await repository.diff(declaring(withBackup({ schedule: assumed("0 2 * * 0") })));
    assert.equal(exitCode, 1);
    assert.match(report.failure.join("\n"), /service "shop" cannot be deployed:\n- .*recovery point/s);
    assert.deepEqual([report.promises, report.costs], [[], []]);
  });

  it("shows a broken recovery point of a stack that promises less", async () => {
    const objectives = { ...small.objectives, recoveryPoint: assumed("192h") } as const;
    const { report } = await repository.diff(
      declaring({ ...withBackup({ schedule: assumed("0 2 * * 0") }), objectives }),
    );
    assert.deepEqual(promises(report).slice(0, 2), [
      "worse shop promised recovery point: 26h -> 192h",
      "worse shop/orders recovery point, at worst: 25h 15m -> 7d 1h 15m",
    ]);
    assert.deepEqual(
      report.costs.map(({ what, after, before }) => [what, after < before]),
      [["stored copies", true]],
    );
  });

  it("shows what a removed backup deletes, and that its bucket is protected", async () => {
    const service = {
      ...small,
      backups: [],
      datastores: small.datastores.map((one) => ({ ...one, unprotected: "a cache" })),
    };
    const { report, exitCode } = await repository.diff(declaring(service));
    assert.ok(
      promises(report).length === 0 || promises(report)[0]?.startsWith("worse shop/orders"),
      promises(report)[0],
    );
    assert.ok(report.removals.length > 3);
    const flags = report.removals.map((removal) => removal.protected);
    assert.deepEqual(
      flags,
      flags.toSorted((one, other) => Number(other) - Number(one)),
    );
    assert.ok(report.removals.some(({ name, op }) => op === "delete" && name === "shop-orders-cronjob"));
    assert.equal(exitCode, report.removals.some((one) => one.protected) ? 1 : 0);
  });

  it("shows a bucket that would be replaced before everything else, and why", async () => {
    const { report } = await repository.diff(
      configuring((config) => {
        config["upkeep:aws"].account = "222222222222";
      }),
    );
    const bucket = report.removals.find(({ type }) => type === "aws:s3/bucket:Bucket");
    assert.deepEqual([bucket?.op, bucket?.protected, bucket?.because], ["replace", true, ["bucket"]]);
    assert.equal(report.removals[0]?.protected, true);
  });

  it("shows a new service, what it costs, and a receiver that changed, without the secret that holds the routes", async () => {
    const { report, exitCode } = await repository.diff(async (folder) => {
      await enableIn(folder, "prod", ["shop", "billing"]);
      await configuring((config) => {
        config["upkeep:alerting"].receivers.default.slack.channel = "#elsewhere";
      })(folder);
    });
    assert.equal(exitCode, 0, JSON.stringify(report.failure));
    assert.deepEqual(promises(report), [
      "changed upkeep:alerting.receivers.default.slack.channel setting of receivers: #alerts -> #elsewhere",
      "better billing service:  -> maintained",
    ]);
    assert.ok(report.costs.some(({ what, before, after }) => what === "Kubernetes objects" && after > before));
    assert.ok(changed(report).includes("billing create billing-alerts-rules"), changed(report).join("\n"));
    const routes = report.resources
      .flatMap(({ changes }) => changes)
      .find(({ name }) => name === "alert-routes-configuration");
    assert.equal(routes?.op, "update");
    assert.doesNotMatch(JSON.stringify(routes), /elsewhere/);
    assert.match(JSON.stringify(routes), /\[secret\]/);
  });

  it("shows that a retired service is no longer maintained, and that its bucket stays", async () => {
    const { report, exitCode } = await repository.diff(async (folder) => {
      await enableIn(folder, "prod", ["billing"]);
      await configuring((config) => {
        config["upkeep:retired"] = ["shop"];
      })(folder);
    });
    assert.equal(exitCode, 0, JSON.stringify(report.failure));
    assert.equal(promises(report)[0], "worse shop service is no longer maintained: maintained -> ");
    const deleted = report.removals.map(({ name }) => name);
    assert.ok(deleted.includes("shop-orders-cronjob"), deleted.join("\n"));
    assert.deepEqual(
      report.removals.filter(({ type }) => type === "aws:s3/bucket:Bucket"),
      [],
    );
  });

  it("shows a violation of a policy as new, ends with exit code 1, and gives a hostile name no meaning", async () => {
    const { report, exitCode } = await repository.diff(adding(hostileJob));
    assert.equal(exitCode, 1);
    assert.deepEqual(report.failure, []);
    const [first] = report.policies.violations;
    assert.deepEqual([first?.policy, first?.level, first?.isNew], ["cronjob-ends-and-starts", "mandatory", true]);
    const comment = markdownOf([report]);
    assert.match(comment, /- create `kubernetes:batch\/v1:CronJob` `` `@owners <b> ``\n/);
  });

  it("shows that a secret was rotated, and neither value", async () => {
    const { report, exitCode } = await repository.diff(rewriting("token.txt", "first", "second"));
    assert.equal(exitCode, 0, JSON.stringify(report.failure));
    assert.deepEqual(changed(report), [" update token"]);
    assert.doesNotMatch(JSON.stringify(report), /token-of-the-shop|dG9rZW4tb2YtdGhlLXNob3A/);
    assert.match(JSON.stringify(report.resources), /\[secret\]/);
  });

  it("shows nothing for a component that was renamed with an alias", async () => {
    const { report } = await repository.diff(
      rewriting(
        "components/deploy.ts",
        'new AlertRoutes("alert-routes", { environment, services: maintained }, { providers })',
        'new AlertRoutes("routes", { environment, services: maintained }, { providers, aliases: [{ name: "alert-routes" }] })',
      ),
    );
    assert.deepEqual([report.removals, changed(report)], [[], []]);
  });

  it("says which policy is lowered, why and until when", async () => {
    const until = dayIn(30);
    const reason = "the registry's mirror moves this month";
    const { report, exitCode } = await repository.diff(
      judging({ "image-pinned": { enforcementLevel: "advisory", reason, until } }),
    );
    assert.equal(exitCode, 0, JSON.stringify(report.failure));
    const [lowered, ...others] = report.policies.violations;
    assert.deepEqual(others, []);
    assert.deepEqual([lowered?.policy, lowered?.level, lowered?.isNew], ["exemptions-in-date", "advisory", true]);
    assert.match(lowered?.message ?? "", new RegExp(`image-pinned is advisory until ${until}`));
    const comment = markdownOf([report]);
    assert.match(comment, new RegExp(`new, advisory: .*image-pinned is advisory until ${until}.*${reason}`));
  });

  it("shows an exemption, who answers for it and that it ends soon", async () => {
    const exemption = {
      policy: "cronjob-ends-and-starts",
      resource: "CronJob shop/report",
      path: "spec.timeZone",
      reason: "the cluster is older than time zones",
      owner: "team-shop",
      ticket: "SHOP-123",
      until: dayIn(5),
    };
    const { report, exitCode } = await repository.diff(async (folder) => {
      await adding(zonelessJob)(folder);
      await judging({ "exemptions-in-date": { exemptions: [exemption] } })(folder);
    });
    assert.equal(exitCode, 0, JSON.stringify([report.failure, report.policies]));
    const comment = markdownOf([report]);
    const ends = `exempt until ${exemption.until}, which ends in [45] days: .*spec\\.timeZone.*team-shop, SHOP-123`;
    assert.match(comment, new RegExp(`new, advisory: \`cronjob-ends-and-starts\` .*${ends}`));
  });
});

describe("`make diff` of hundreds of resources", function () {
  this.timeout("3m");

  it("shows promises and deletions first and whole, in a comment that GitHub takes", async () => {
    const repository = await Repository.create([small], ["shop"], manyObjects);
    try {
      const { report } = await repository.diff(async (folder) => {
        await writeFile(join(folder, "token.txt"), "orders");
        await declaring(withBackup({ schedule: assumed("0 4 * * *") }))(folder);
        await rewriting("index.ts", "number = 1;", "number = 3;")(folder);
        await adding(hostileJob)(folder);
      });
      const updated = changed(report).filter((change) => change.includes(" update configuration-of-a-team-"));
      assert.equal(updated.length, MANY - 2);
      assert.equal(report.removals.length, 2);
      const comment = markdownOf([report]);
      assert.ok(comment.length <= 65_536, String(comment.length));
      const parts = ["Promises: 1 changed", "configuration-of-a-team-2", "cronjob-ends-and-starts", "<details>"];
      const at = parts.map((part) => comment.indexOf(part));
      assert.ok(
        at.every((place) => place >= 0),
        JSON.stringify(at),
      );
      assert.deepEqual(
        at,
        at.toSorted((one, other) => one - other),
      );
    } finally {
      await repository.remove();
    }
  });
});
