import assert from "node:assert/strict";
import { blocks } from "../support/runbooks.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { ended, firing, type ListedAlert } from "./cluster.ts";

const namespace = "mplp-production";

/** The commands by which a page starts a Job, with the service's names put in. */
function starts(page: string): string[] {
  return blocks(page)
    .map(({ text }) => text.replaceAll("<namespace>", namespace).replaceAll("<service>", "mplp").trim())
    .filter((text) => text.startsWith("kubectl"));
}

describe("the test of where alerts go", function () {
  this.timeout("3m");
  let sandbox: Sandbox;
  const [asWarning = "", asCritical = ""] = starts("ReceiverTest");

  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  /** Starts the job as a person would. @returns the alert that Alertmanager lists since then */
  async function posted(command: string, severity: string): Promise<ListedAlert | undefined> {
    const started = new Date().toISOString();
    const created = await sandbox.run("bash", ["-o", "pipefail", "-ec", command]);
    const job = /^job\.batch\/(\S+) created$/.exec(created)?.[1];
    assert.ok(job, created);
    const { succeeded, lines } = await ended(sandbox, namespace, job);
    assert.ok(succeeded, lines.join("\n"));
    const found = await firing(sandbox, 'alertname="ReceiverTest"', 'service="mplp"', `severity="${severity}"`);
    return found.find(({ startsAt }) => startsAt >= started);
  }

  it("is in every service's namespace, suspended, and listed by the label that says so", async () => {
    const listed = await sandbox.kubectl(
      ...["get", "cronjobs", "--all-namespaces", "--selector=upkeep/on-demand=true"],
      "--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec.suspend}{'\\n'}{end}",
    );
    assert.deepEqual(
      listed.split("\n").filter((line) => line.includes("-alert-test")),
      [
        "js-mcp/js-mcp-alert-test true",
        "lang-observatory/lang-observatory-alert-test true",
        "mplp-production/mplp-alert-test true",
        "tapio-system/tapio-alert-test true",
        "task-mcp/task-mcp-alert-test true",
      ],
    );
  });

  it("posts a warning, started as its annotation and its page say", async () => {
    const annotation = await sandbox.kubectl(
      ...["--namespace", namespace, "get", "cronjob", "mplp-alert-test"],
      "--output=jsonpath={.metadata.annotations.upkeep/start}",
    );
    assert.equal(annotation, asWarning);
    const alert = await posted(asWarning, "warning");
    assert.ok(alert);
    const { run, ...labels } = alert.labels;
    assert.equal(run, alert.startsAt);
    assert.deepEqual(labels, {
      alertname: "ReceiverTest",
      service: "mplp",
      namespace,
      environment: "sandbox",
      severity: "warning",
    });
    assert.equal(Date.parse(alert.endsAt) - Date.parse(alert.startsAt), 300_000);
  });

  it("posts a critical alert when the page's pipe says so", async () => {
    assert.match(asCritical, /SEVERITY=critical/);
    assert.equal((await posted(asCritical, "critical"))?.labels.severity, "critical");
  });
});
