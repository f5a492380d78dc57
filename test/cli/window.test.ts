import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { declared } from "../../cli/declared.ts";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { startAlertmanagers } from "../support/servers/alertmanager.ts";
import type { Server } from "../support/servers/server.ts";

const HOUR = 3_600_000;

interface Listed {
  labels: Record<string, string>;
  status: { silencedBy: string[] };
}

/** Against a real Alertmanager with prod's routes. */
describe("`make window`", function () {
  this.timeout("5m");
  let folder: string;
  let alertmanager: Server;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-window-"));
    const { environment, maintained } = await declared("prod");
    [alertmanager] = (await startAlertmanagers(folder, alertmanagerConfiguration(environment, maintained))) as [Server];
  });
  after(async () => {
    await alertmanager?.kill();
    rmSync(folder, { recursive: true });
  });

  const window = (variables: Record<string, string>) =>
    execa(
      "make",
      [
        ...["--silent", "window", "STACK=prod"],
        ...Object.entries({ ALERTMANAGER: alertmanager.address, ...variables }).map(
          ([name, value]) => `${name}=${value}`,
        ),
      ],
      { cwd: clone, all: true, reject: false, stdin: "ignore" },
    );
  const good = { SERVICE: "mplp", FROM: "now", FOR: "2h", REASON: "upgrade of Kafka, part 1" };

  /** Services and severities of test alerts, by whether Alertmanager has a silence for them. */
  async function states(): Promise<Record<string, string[]>> {
    const alerts = ["mplp", "tapio"].flatMap((service) =>
      ["critical", "warning", "info"].map((severity) => ({
        labels: { alertname: "Test", service, severity, environment: "prod" },
      })),
    );
    await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    const listed = (await (await fetch(`${alertmanager.address}/api/v2/alerts`)).json()) as Listed[];
    const grouped = Object.groupBy(listed, ({ status }) => (status.silencedBy.length > 0 ? "silenced" : "not"));
    return Object.fromEntries(
      Object.entries(grouped).map(([state, found]) => [
        state,
        (found ?? []).map(({ labels }) => `${labels.service} ${labels.severity}`).sort(),
      ]),
    );
  }

  it("mutes what a declared window mutes, says whom that concerns, and ends by itself", async () => {
    const before = Date.now();
    const { all, exitCode } = await window(good);
    const after = Date.now();
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await states(), {
      silenced: ["mplp info", "mplp warning"],
      not: ["mplp critical", "tapio critical", "tapio info", "tapio warning"],
    });
    const [silence] = (await (await fetch(`${alertmanager.address}/api/v2/silences`)).json()) as [
      { endsAt: string; comment: string },
    ];
    const opened = Date.parse(silence.endsAt) - 2 * HOUR;
    assert.ok(opened >= before && opened <= after, silence.endsAt);
    assert.equal(silence.comment, good.REASON);
    assert.match(all, /^ {2}critical: still notifies pagerduty, slack$/m);
    assert.match(all, /^ {2}warning: muted \(notifies slack otherwise\)$/m);
    const [, expire] = /^Close it earlier: (amtool .+)$/m.exec(all) ?? [];
    assert.ok(expire, all);
    const [amtool = "", ...args] = expire.split(" ");
    await execa(amtool, args);
    assert.deepEqual(Object.keys(await states()), ["not"]);
  });

  const tomorrow = new Date(Date.now() + 24 * HOUR).toISOString().slice(0, 16);
  for (const [what, variables, message] of [
    ["an unknown service", { SERVICE: "mplpp" }, /SERVICE is "mplpp"; allowed: a service of prod: .*mplp/],
    ["a time without a zone", { FROM: tomorrow }, /FROM is ".+"; allowed: now, or a time with its zone/],
    ["a day that does not exist", { FROM: "2026-02-30T25:00Z" }, /FROM is /],
    ["the 30 February", { FROM: "2028-02-30T02:00Z" }, /FROM is "2028-02-30T02:00Z"; allowed: now/],
    ["a week", { FOR: "7d" }, /FOR is "7d"; allowed: less than 7d/],
    ["a number without a unit", { FOR: "2" }, /FOR is "2"/],
    ["a window that closed", { FROM: "2026-01-01T00:00Z" }, /a window that closed at 2026-01-01 02:00 UTC/],
    ["no reason", { REASON: "" }, /REASON is missing/],
    ["no Alertmanager", { ALERTMANAGER: "localhost" }, /ALERTMANAGER is "localhost"/],
  ] satisfies [string, Record<string, string>, RegExp][]) {
    it(`refuses ${what}, and silences nothing`, async () => {
      const { all, exitCode } = await window({ ...good, ...variables });
      assert.notEqual(exitCode, 0, all);
      assert.match(all, message);
      const silences = (await (await fetch(`${alertmanager.address}/api/v2/silences`)).json()) as {
        status: { state: string };
      }[];
      assert.deepEqual(
        silences.filter(({ status }) => status.state !== "expired"),
        [],
      );
    });
  }
});
