import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { discordText } from "../../domain/routing/channels/discord.ts";
import { opsgeniePriority } from "../../domain/routing/channels/opsgenie.ts";
import { incidentDetails, incidentSeverity } from "../../domain/routing/channels/pagerduty.ts";
import { pushoverPriority } from "../../domain/routing/channels/pushover.ts";
import { slackColor, slackText } from "../../domain/routing/channels/slack.ts";
import { telegramText } from "../../domain/routing/channels/telegram.ts";
import { victoropsType } from "../../domain/routing/channels/victorops.ts";
import { dashboard, incident, plainText, runbook, title } from "../../domain/routing/notifications.ts";

const page = "https://upkeep.example.com/runbooks/EndpointDown.md";
const board = "https://grafana.example.com/d/shop_prod";

function alert(summary: string, status = "firing") {
  return {
    status,
    labels: { namespace: "store" },
    annotations: { summary, description: `${summary}: look now.`, runbook_url: page, dashboard_url: board },
  };
}

/** Alerts as Alertmanager hands them to a receiver's templates. They share all labels, and of their annotations only the links. */
function group(alerts: ReturnType<typeof alert>[], severity = "critical") {
  return {
    status: alerts.every(({ status }) => status === "resolved") ? "resolved" : "firing",
    alerts,
    commonLabels: { alertname: "EndpointDown", service: "shop", severity, namespace: "store" },
    commonAnnotations: alerts.length === 1 ? alerts[0]?.annotations : { runbook_url: page, dashboard_url: board },
  };
}

const one = group([alert("api is down")]);
const two = group([alert("api is down"), alert("web is down", "resolved")]);
const resolved = group([alert("api is down", "resolved")]);
/** An alert that no rule of ours made. */
const foreign = {
  status: "firing",
  alerts: [{ status: "firing", labels: {}, annotations: {} }],
  commonLabels: { alertname: "KubeNodeNotReady" },
  commonAnnotations: {},
};

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
      { stdin: "ignore", stripFinalNewline: false },
    );
    return stdout;
  }

  describe("has a title that", () => {
    it("says the severity, where, whose and what", async () => {
      assert.equal(await rendered(title("prod"), one), "CRITICAL prod shop: api is down");
      assert.equal(
        await rendered(title("prod"), group([alert("api is slow")], "warning")),
        "WARNING prod shop: api is slow",
      );
    });

    it("counts alerts that say different things", async () =>
      assert.equal(await rendered(title("prod"), two), "CRITICAL prod shop: EndpointDown (2 alerts)"));

    it("says that all is well again", async () =>
      assert.equal(await rendered(title("prod"), resolved), "RESOLVED prod shop: api is down"));

    it("does without labels and annotations of ours", async () =>
      assert.equal(await rendered(title("prod"), foreign), "FIRING prod: KubeNodeNotReady"));
  });

  describe("to Slack", () => {
    it("has each alert's summary, description, namespace, runbook and dashboard, and which are resolved", async () => {
      assert.equal(
        await rendered(slackText("prod"), two),
        `Environment: prod
*api is down*
api is down: look now.
Namespace: store
<${page}|Runbook>
<${board}|Dashboard>

*web is down* (resolved)
web is down: look now.
Namespace: store
<${page}|Runbook>
<${board}|Dashboard>

`,
      );
    });

    it("leaves out what an alert does not say", async () =>
      assert.equal(await rendered(slackText("prod"), foreign), "Environment: prod\n**\n\n"));

    it("names ten alerts, and how many there are", async () => {
      const alerts = (count: number) =>
        group(Array.from({ length: count }, (_, index) => alert(`web-${index} is down`)));
      const ten = await rendered(slackText("prod"), alerts(10));
      assert.ok(ten.includes("*web-9 is down*") && !ten.includes("The first"));
      const eleven = await rendered(slackText("prod"), alerts(11));
      assert.equal(eleven, `${ten}The first 10 of 11 alerts.`);
    });

    it("is red where it pages, yellow where not, and green where all is well again", async () => {
      const groups = [one, group([alert("api is slow")], "warning"), resolved];
      const colors = await Promise.all(groups.map((of) => rendered(slackColor, of)));
      assert.deepEqual(colors, ["danger", "warning", "good"]);
    });
  });

  describe("to other channels", () => {
    it("has a priority or type that the vendor knows", async () => {
      const groups = [one, group([alert("api is slow")], "warning"), resolved];
      const of = async (text: string) => Promise.all(groups.map((data) => rendered(text, data)));
      assert.deepEqual(await of(opsgeniePriority), ["P1", "P3", "P1"]);
      assert.deepEqual(await of(victoropsType), ["CRITICAL", "WARNING", "CRITICAL"]);
      assert.deepEqual(await of(pushoverPriority), ["2", "0", "0"]);
    });

    it("is plain text where there are no formats", async () =>
      assert.equal(
        await rendered(plainText("prod"), one),
        `Environment: prod\napi is down\napi is down: look now.\nNamespace: store\nRunbook: ${page}\nDashboard: ${board}\n\n`,
      ));

    it("is bold and has links in Discord", async () =>
      assert.equal(
        await rendered(discordText("prod"), one),
        `Environment: prod\n**api is down**\napi is down: look now.\nNamespace: store\n[Runbook](${page})\n[Dashboard](${board})\n\n`,
      ));

    it("has five alerts where messages are short, and none is longer than Telegram and Discord take", async () => {
      const many = group(Array.from({ length: 12 }, (_, index) => alert(`web-${index} ${"is down and ".repeat(20)}`)));
      for (const text of [telegramText("prod"), discordText("prod")]) {
        const message = await rendered(text, many);
        assert.ok(message.includes("web-4 ") && !message.includes("web-5 "));
        assert.ok(message.endsWith("The first 5 of 12 alerts."));
        assert.ok(message.length <= 4096, `${message.length}`);
      }
    });

    it("begins with its title in Telegram", async () =>
      assert.match(await rendered(telegramText("prod"), one), /^CRITICAL prod shop: api is down\nEnvironment: prod\n/));
  });

  describe("to PagerDuty", () => {
    it("says in its title where, whose and what", async () => {
      assert.equal(await rendered(incident("prod"), one), "prod shop: api is down");
      assert.equal(await rendered(incident("prod"), two), "prod shop: EndpointDown (2 alerts)");
      assert.equal(await rendered(incident("prod"), foreign), "prod: KubeNodeNotReady");
    });

    it("has a severity that PagerDuty knows", async () => {
      const severities = ["critical", "warning", "info"].map((severity) => group([alert("api is slow")], severity));
      const found = await Promise.all(severities.map((of) => rendered(incidentSeverity, of)));
      assert.deepEqual(found, ["critical", "warning", "warning"]);
    });

    it("leads to the alert's page and to its service's dashboard", async () => {
      assert.equal(await rendered(runbook, two), page);
      assert.equal(await rendered(dashboard, two), board);
      assert.equal(await rendered(dashboard, foreign), "");
    });

    it("has the details of one alert, and of several what they have in common and each by itself", async () => {
      const details = async (of: object) => {
        const texts = Object.entries(incidentDetails("prod"));
        return Object.fromEntries(await Promise.all(texts.map(async ([key, text]) => [key, await rendered(text, of)])));
      };
      assert.deepEqual(await details(one), {
        summary: "api is down",
        description: "api is down: look now.",
        runbook: page,
        dashboard: board,
        environment: "prod",
        namespace: "store",
        alerts: `api is down\napi is down: look now.\nNamespace: store\nRunbook: ${page}\nDashboard: ${board}\n\n`,
      });
      assert.deepEqual(await details(two), {
        summary: "EndpointDown (2 alerts)",
        description: "",
        runbook: page,
        dashboard: board,
        environment: "prod",
        namespace: "store",
        alerts:
          `api is down\napi is down: look now.\nNamespace: store\nRunbook: ${page}\nDashboard: ${board}\n\n` +
          `web is down (resolved)\nweb is down: look now.\nNamespace: store\nRunbook: ${page}\nDashboard: ${board}\n\n`,
      });
    });
  });
});
