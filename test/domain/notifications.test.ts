import assert from "node:assert/strict";
import {
  incident,
  incidentDetails,
  incidentSeverity,
  runbook,
  slackColor,
  slackText,
  title,
} from "../../domain/notifications.ts";
import { rendered } from "../support/goTemplate.ts";

const page = "https://upkeep.example.com/runbooks/EndpointDown.md";

function alert(summary: string, Status = "firing") {
  return {
    Status,
    Labels: { namespace: "store" },
    Annotations: { summary, description: `${summary}: look now.`, runbook_url: page },
  };
}

/** Alerts as Alertmanager's templates see them, of which all labels are the same, and the annotations if there is one. */
function group(Alerts: ReturnType<typeof alert>[], severity = "critical") {
  return {
    Status: Alerts.every(({ Status }) => Status === "resolved") ? "resolved" : "firing",
    Alerts,
    CommonLabels: { alertname: "EndpointDown", service: "shop", severity, namespace: "store" },
    CommonAnnotations: Alerts.length === 1 ? Alerts[0]?.Annotations : { runbook_url: page },
  };
}

const one = group([alert("api is down")]);
const two = group([alert("api is down"), alert("web is down", "resolved")]);
const resolved = group([alert("api is down", "resolved")]);
/** An alert that no rule of ours made. */
const foreign = {
  Status: "firing",
  Alerts: [{ Status: "firing", Labels: {}, Annotations: {} }],
  CommonLabels: { alertname: "KubeNodeNotReady" },
  CommonAnnotations: {},
};

describe("a notification's title", () => {
  it("says how loud, where, whose and what", () => {
    assert.equal(rendered(title("prod"), one), "CRITICAL prod shop: api is down");
    assert.equal(rendered(title("prod"), group([alert("api is slow")], "warning")), "WARNING prod shop: api is slow");
  });

  it("counts alerts that say different things", () =>
    assert.equal(rendered(title("prod"), two), "CRITICAL prod shop: EndpointDown (2 alerts)"));

  it("says that all is well again", () =>
    assert.equal(rendered(title("prod"), resolved), "RESOLVED prod shop: api is down"));

  it("does without labels and annotations of ours", () =>
    assert.equal(rendered(title("prod"), foreign), "FIRING prod: KubeNodeNotReady"));
});

describe("a message to Slack", () => {
  it("has each alert's summary, description, namespace and runbook, and which are resolved", () => {
    assert.equal(
      rendered(slackText("prod"), two),
      `Environment: prod
*api is down*
api is down: look now.
Namespace: store
<${page}|Runbook>

*web is down* (resolved)
web is down: look now.
Namespace: store
<${page}|Runbook>

`,
    );
  });

  it("leaves out what an alert does not say", () =>
    assert.equal(rendered(slackText("prod"), foreign), "Environment: prod\n**\n\n"));

  it("names ten alerts, and how many there are", () => {
    const alerts = (count: number) => group(Array.from({ length: count }, (_, index) => alert(`web-${index} is down`)));
    const ten = rendered(slackText("prod"), alerts(10));
    assert.ok(ten.includes("*web-9 is down*") && !ten.includes("The first"));
    const eleven = rendered(slackText("prod"), alerts(11));
    assert.equal(eleven, `${ten}The first 10 of 11 alerts.`);
  });

  it("is red where somebody is woken, yellow where not, and green where all is well again", () => {
    const colors = [one, group([alert("api is slow")], "warning"), resolved].map((of) => rendered(slackColor, of));
    assert.deepEqual(colors, ["danger", "warning", "good"]);
  });
});

describe("an incident of PagerDuty", () => {
  it("says in its title where, whose and what", () => {
    assert.equal(rendered(incident("prod"), one), "prod shop: api is down");
    assert.equal(rendered(incident("prod"), two), "prod shop: EndpointDown (2 alerts)");
    assert.equal(rendered(incident("prod"), foreign), "prod: KubeNodeNotReady");
  });

  it("has a severity that PagerDuty knows", () => {
    const severities = ["critical", "warning", "info"].map((severity) => group([alert("api is slow")], severity));
    assert.deepEqual(
      severities.map((of) => rendered(incidentSeverity, of)),
      ["critical", "warning", "warning"],
    );
  });

  it("leads to the alert's page", () => assert.equal(rendered(runbook, two), page));

  it("has the details of one alert, and of several what they have in common and each by itself", () => {
    const details = (of: object) =>
      Object.fromEntries(Object.entries(incidentDetails("prod")).map(([key, text]) => [key, rendered(text, of)]));
    assert.deepEqual(details(one), {
      summary: "api is down",
      description: "api is down: look now.",
      runbook: page,
      environment: "prod",
      namespace: "store",
      alerts: `api is down\napi is down: look now.\nNamespace: store\nRunbook: ${page}\n\n`,
    });
    assert.deepEqual(details(two), {
      summary: "EndpointDown (2 alerts)",
      description: "",
      runbook: page,
      environment: "prod",
      namespace: "store",
      alerts:
        `api is down\napi is down: look now.\nNamespace: store\nRunbook: ${page}\n\n` +
        `web is down (resolved)\nweb is down: look now.\nNamespace: store\nRunbook: ${page}\n\n`,
    });
  });
});
