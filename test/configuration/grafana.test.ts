import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { runJob } from "../restore/run.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { type Line, manifestsUnder, newest } from "./exported.ts";

const namespace = "task-mcp-monitoring";
const job = "task-mcp-grafana-backup";

describe("a backup of Grafana", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let text: string;
  let lines: Line[];

  before(async () => {
    sandbox = await sandboxUnderTest();
    const aside = `tests/${randomUUID()}/`;
    const run = await runJob(sandbox, namespace, job, { environment: { PREFIX: aside } });
    assert.ok(run.succeeded, run.log);
    const backup = await newest(sandbox, "task-mcp", aside);
    ({ text, lines } = backup);
    assert.deepEqual(backup.manifest.objects, [
      { kind: "folder", count: 2 },
      { kind: "dataSource", count: 1 },
      { kind: "dashboard", count: 3 },
      { kind: "alertRule", count: 1 },
    ]);
    assert.equal(backup.manifest.serverVersion, "12.1.0");
  });

  const of = (kind: string) => lines.filter((line) => line.kind === kind);

  it("holds each dashboard whole, with the folder that it is in, and no number that Grafana gave it", () => {
    assert.deepEqual(
      of("dashboard").map(({ uid, folderUid }) => [uid, folderUid]),
      [
        ["history", "team-old"],
        ["overview", "team"],
        ["scratchpad", undefined],
      ],
    );
    const { dashboard } = of("dashboard")[0] as unknown as { dashboard: Record<string, unknown> };
    assert.deepEqual(Object.keys(dashboard), ["panels", "schemaVersion", "tags", "time", "title", "uid"]);
    assert.match(JSON.stringify(dashboard.panels), /"expr":"up\{job=\\"a\\"\}".*"title":"Größe"/);
  });

  it("holds folders with their parents, and alert rules", () => {
    assert.deepEqual(
      of("folder").map(({ uid, parentUid }) => [uid, parentUid]),
      [
        ["team", undefined],
        ["team-old", "team"],
      ],
    );
    const [{ alertRule }] = of("alertRule") as unknown as [{ alertRule: Record<string, unknown> }];
    assert.deepEqual([alertRule.folderUID, alertRule.title, alertRule.for], ["team", "Slow", "5m"]);
  });

  it("holds data sources without their secrets, whose names it keeps", async () => {
    const [{ dataSource }] = of("dataSource") as unknown as [{ dataSource: Record<string, unknown> }];
    assert.deepEqual([dataSource.url, dataSource.basicAuthUser], ["http://prometheus:9090", "reader"]);
    assert.deepEqual(dataSource.secureJsonFields, { basicAuthPassword: true });
    assert.doesNotMatch(text, /the-mock-never-shows-this|glsa_|"secureJsonData"/);
  });

  it("holds more dashboards than one search gives", async () => {
    const { manifest, lines: all } = await newest(sandbox, "lang-observatory", "grafana/");
    assert.equal(manifest.objects.find(({ kind }) => kind === "dashboard")?.count, 133);
    assert.equal(new Set(all.map(({ kind, uid }) => `${kind}/${uid}`)).size, all.length);
  });

  it("is not published with a token that Grafana does not know", async () => {
    const aside = `tests/${randomUUID()}/`;
    const { succeeded, log } = await runJob(sandbox, namespace, job, {
      environment: { PREFIX: aside, GRAFANA_TOKEN: "glsa_none" },
    });
    assert.equal(succeeded, false);
    assert.match(log, /http:\/\/grafana:3000 answers 401 to GET \/api\/search\?type=dash-folder/);
    assert.deepEqual(await manifestsUnder(sandbox, "task-mcp", aside), []);
  });
});
