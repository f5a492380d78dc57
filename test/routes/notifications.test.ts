import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { incident, incidentDetails, incidentSeverity, slackText, title } from "../../domain/notifications.ts";

const runbook = "https://upkeep.example.com/runbooks/EndpointDown.md";
const labels = { alertname: "EndpointDown", service: "mplp", severity: "critical", namespace: "mplp-production" };

function alert(summary: string, status = "firing") {
  const annotations = { summary, description: `${summary}: look now.`, runbook_url: runbook };
  return { status, labels, annotations, startsAt: "2027-01-03T03:00:00Z", endsAt: "0001-01-01T00:00:00Z" };
}

/** Alerts as Alertmanager hands them to a receiver's templates. */
function group(alerts: ReturnType<typeof alert>[], status = "firing") {
  const [first] = alerts;
  const shared = alerts.every(({ annotations }) => annotations.summary === first?.annotations.summary);
  return {
    receiver: "mplp-critical",
    status,
    alerts,
    groupLabels: { alertname: labels.alertname, service: labels.service },
    commonLabels: labels,
    commonAnnotations: shared ? first?.annotations : { runbook_url: runbook },
    externalURL: "http://alertmanager.example.com",
  };
}

describe("a notification", () => {
  let folder: string;
  let count = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-notifications-"));
    writeFileSync(join(folder, "none.tmpl"), "");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The text as Alertmanager's own templates make it. */
  async function rendered(text: string, data: object): Promise<string> {
    const file = join(folder, `data-${++count}.json`);
    writeFileSync(file, JSON.stringify(data));
    const { stdout } = await execa(
      "amtool",
      ["template", "render", `--template.glob=${folder}/*.tmpl`, `--template.text=${text}`, `--template.data=${file}`],
      { stdin: "ignore" },
    );
    return stdout.trim();
  }

  const one = group([alert("api does not answer")]);
  const two = group([alert("api does not answer"), alert("modules do not answer")]);

  it("says in its first line how loud it is, where, whose and what", async () => {
    assert.equal(await rendered(title("prod"), one), "CRITICAL prod mplp: api does not answer");
    assert.equal(await rendered(title("prod"), two), "CRITICAL prod mplp: EndpointDown (2 alerts)");
  });

  it("says that all is well again", async () => {
    const resolved = group([alert("api does not answer", "resolved")], "resolved");
    assert.equal(await rendered(title("prod"), resolved), "RESOLVED prod mplp: api does not answer");
    assert.match(await rendered(slackText("prod"), resolved), /^\*api does not answer\* \(resolved\)$/m);
  });

  it("can be read of an alert that has no label of ours", async () => {
    const bare = { ...one, commonLabels: { alertname: "KubeNodeNotReady" }, commonAnnotations: {} };
    assert.equal(await rendered(title("prod"), bare), "FIRING prod: KubeNodeNotReady");
  });

  it("to Slack has each alert's summary, description, namespace and runbook", async () => {
    assert.equal(
      await rendered(slackText("prod"), two),
      `Environment: prod
*api does not answer*
api does not answer: look now.
Namespace: mplp-production
<${runbook}|Runbook>

*modules do not answer*
modules do not answer: look now.
Namespace: mplp-production
<${runbook}|Runbook>`,
    );
  });

  it("names ten alerts, and how many there are", async () => {
    const many = group(Array.from({ length: 12 }, (_, index) => alert(`endpoint ${index} does not answer`)));
    const text = await rendered(slackText("prod"), many);
    assert.equal(text.match(/^\*endpoint/gm)?.length, 10);
    assert.match(text, /The first 10 of 12 alerts\.$/);
  });

  it("to PagerDuty is an incident that says what, where and what to do", async () => {
    assert.equal(await rendered(incident("prod"), one), "prod mplp: api does not answer");
    assert.equal(await rendered(incidentSeverity, one), "critical");
    const details = Object.entries(incidentDetails("prod"));
    const found = await Promise.all(details.map(async ([key, text]) => [key, await rendered(text, one)]));
    assert.deepEqual(Object.fromEntries(found), {
      summary: "api does not answer",
      description: "api does not answer: look now.",
      runbook,
      environment: "prod",
      namespace: "mplp-production",
      alerts: `api does not answer\napi does not answer: look now.\nNamespace: mplp-production\nRunbook: ${runbook}`,
    });
  });
});
