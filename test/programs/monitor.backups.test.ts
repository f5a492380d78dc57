import assert from "node:assert/strict";
import type { BackupCheck, MonitorConfiguration } from "../../domain/alerting/checks.ts";
import { runProgram } from "./run.ts";
import { closeAll, closedPort, http } from "./servers.ts";

const HOUR = 3600;

/** A run's name, as its manifest bears it. */
const name = (hoursAgo: number) =>
  `${new Date(Date.now() - hoursAgo * HOUR * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, "")}-6b1f.json`;

interface Posted {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
}

describe("what the monitor's program makes of the manifests that it finds", function () {
  this.timeout("3m");
  after(closeAll);

  /**
   * A mock of S3's ListObjectsV2, two keys a page, and of Alertmanager: what a real S3 and a real Alertmanager do with the same
   * requests is proven in test/health.
   */
  async function found(keys: string[] | "denied" | "silent" | "gone") {
    const posts: Posted[] = [];
    const asked: string[] = [];
    const alertmanager = await http(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      posts.push(...JSON.parse(String(Buffer.concat(parts))));
      response.writeHead(200).end();
    });
    const s3 = await http((request, response) => {
      asked.push(String(request.headers.authorization));
      if (keys === "silent") return;
      if (keys === "denied") {
        response.writeHead(403).end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        return;
      }
      const query = new URL(request.url as string, "http://s3").searchParams;
      const matching = (keys as string[]).filter((key) => key.startsWith(query.get("prefix") as string));
      const from = Number(query.get("continuation-token") ?? 0);
      const more = from + 2 < matching.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : "";
      const page = matching.slice(from, from + 2).map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
      response.end(`<ListBucketResult>${page.join("")}${more}</ListBucketResult>`);
    });
    const check: BackupCheck = {
      kind: "backup",
      name: "backup of main",
      instance: "s3://backups/database/manifests/",
      severity: "warning",
      bucket: "backups",
      manifests: "database/manifests/",
      maximumAge: 25 * HOUR,
      recoveryPoint: "26h",
    };
    const configuration: MonitorConfiguration = {
      checks: [check],
      labels: { service: "shop", namespace: "shop", environment: "test" },
      runbooks: "https://upkeep.example.com/runbooks",
      alertmanagers: [`http://127.0.0.1:${alertmanager}`],
      validFor: 660,
      deadline: 60,
    };
    const { exitCode, lines } = await runProgram("health/monitor.ts", {
      MONITOR: JSON.stringify(configuration),
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${keys === "gone" ? await closedPort() : s3}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
    assert.equal(exitCode, 0, lines.join("\n"));
    const firing = posts.filter(({ startsAt }) => startsAt);
    return {
      asked,
      /** What fires, with its severity. */
      firing: firing.map(({ labels }) => `${labels.alertname} ${labels.severity}`),
      ended: posts.filter(({ startsAt }) => !startsAt).map(({ labels }) => labels.alertname),
      says: firing.map(({ annotations }) => annotations.description).join(),
      posts,
    };
  }
  const in_ = (shelf: string, hoursAgo: number) => `database/manifests/${shelf}/${name(hoursAgo)}`;

  it("is silent while the newest good one is as young as its schedule explains, in whatever tier it is", async () => {
    const { firing, ended, asked } = await found([
      ...[in_("daily", 72), in_("daily", 48), in_("weekly", 24.9), in_("monthly", 700)],
      "database/data/daily/other",
    ]);
    assert.deepEqual(firing, []);
    assert.deepEqual(ended, ["HealthCheckFailed", "BackupAgeHigh", "BackupSuspect", "BackupMissing"]);
    assert.match(asked[0] ?? "", /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-central-1\/s3\/aws4_request/);
    assert.equal(asked.length, 2, "two pages");
  });

  it("reports one that is older, counted from the start of its run, and links to its page", async () => {
    const { firing, says, posts } = await found([in_("daily", 25.1), in_("daily", 49)]);
    assert.deepEqual(firing, ["BackupAgeHigh critical"]);
    assert.match(
      says,
      /^Backups in s3:\/\/backups\/database\/manifests\/: the newest good one began \S+Z, 25h 6m ago; as scheduled it is never older than 25h, and 26h are promised\.$/,
    );
    const [alert] = posts.filter(({ startsAt }) => startsAt);
    assert.equal(alert?.annotations.summary, "backup of main of shop is too old");
    assert.equal(alert?.annotations.runbook_url, "https://upkeep.example.com/runbooks/BackupAgeHigh.md");
  });

  it("takes no suspect one for a good one, and says that the newest is suspect", async () => {
    const { firing, says } = await found([in_("suspect", 1), in_("daily", 24)]);
    assert.deepEqual(firing, ["BackupSuspect warning"]);
    assert.match(says, /the newest one, which began \S+Z, is suspect: it holds much less; the last good one began/);
    assert.deepEqual((await found([in_("suspect", 2), in_("daily", 26)])).firing, [
      "BackupAgeHigh critical",
      "BackupSuspect warning",
    ]);
  });

  it("forgets a suspect one when a good one came after it", async () => {
    assert.deepEqual((await found([in_("suspect", 25), in_("daily", 1)])).firing, []);
  });

  it("reports where there is none at all, and leaves it to the job's own alerts whether there should be", async () => {
    const { firing, says } = await found(["database/manifests/daily/readme.txt"]);
    assert.deepEqual(firing, ["BackupMissing warning"]);
    assert.match(says, /there is no manifest at all: nothing can be restored\.$/);
  });

  it("reports that S3 refuses, and says nothing of an age that it does not know", async () => {
    const { firing, ended, says } = await found("denied");
    assert.deepEqual([firing, ended], [["HealthCheckFailed warning"], []]);
    assert.match(says, /GET s3:\/\/backups\/database\/manifests\/: S3 answers 403 AccessDenied: Access Denied\.$/);
  });

  for (const [state, complaint] of [
    ["gone", /S3 cannot be reached: .*tried 6 times\.$|S3 gives no whole list within 20 s\.$/],
    ["silent", /S3 gives no whole list within 20 s\.$/],
  ] as const) {
    it(`reports that S3 is ${state}, in time to report the rest`, async () => {
      const { firing, says } = await found(state);
      assert.deepEqual(firing, ["HealthCheckFailed warning"]);
      assert.match(says, complaint);
    });
  }
});
