import { platformAlerts } from "../../domain/alerting/platformAlerts.ts";
import { withFeatures } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { blackbox, clusterSeen, series } from "./exporters.ts";
import { type Firing, judge, type Series, type Value } from "./promtool.ts";
import { renderedRules } from "./rendered.ts";

const rules = platformAlerts(withFeatures(), [shop]);

const judged = (given: Series, ...expected: Firing[]) => judge([{ name: "platform", rules }], given, expected);
const firing = (at: string, alert: string, ...fires: Firing["fires"]): Firing => ({ at, alert, fires });

const prometheus = { job: "prometheus", instance: "prometheus:9090" };
const alertmanager = { job: "alertmanager", instance: "alertmanager:9093" };
const reloaded = (server: typeof prometheus, samples: string) =>
  series(`${server.job}_config_last_reload_successful`, server, samples);
const probed = blackbox("probe_success", { job: "upkeep/shop/pages", instance: "https://shop.example.com" }, "0x200");
const healthy = { ...clusterSeen, ...probed, ...reloaded(prometheus, "1x200"), ...reloaded(alertmanager, "1x200") };

describe("ExporterMissing", () => {
  const missing = (exporter: string, description: string) => ({ labels: { exporter }, description });

  it("is silent where each exporter is scraped, whatever it says", () =>
    judged(healthy, firing("3h", "ExporterMissing")));

  it("fires once for an exporter that is down, and not for its restart", () =>
    judged(
      {
        ...healthy,
        [Object.keys(clusterSeen)[0] as string]: "1x30 _x12 1x30 stale",
      },
      firing("44m", "ExporterMissing"),
      firing(
        "1h40m",
        "ExporterMissing",
        missing(
          "kube-state-metrics",
          "kube-state-metrics is down or not scraped: no alert fires on jobs, workloads and Services of any service.",
        ),
      ),
    ));

  it("fires where blackbox exporter answers no more, and where the servers themselves are not scraped", () =>
    judged(
      clusterSeen,
      firing(
        "20m",
        "ExporterMissing",
        missing(
          "blackbox-exporter",
          "blackbox-exporter is down or not scraped: no alert fires on endpoints of any service.",
        ),
        missing(
          "prometheus",
          "No series of prometheus is there: no alert fires if its rules fail, or its configuration is refused.",
        ),
        missing("alertmanager", "No series of alertmanager is there: no alert fires if notifications fail."),
      ),
    ));
});

describe("an exporter that is down", function () {
  this.timeout("4m");

  it("is one page, of all that prod declares", async () => {
    const { alerts, records } = await renderedRules("prod");
    const groups = [{ name: "all", rules: [...records, ...alerts] }];
    const scraped = ["mplp-production mplp-modules", "lang-observatory lang-observatory"].map((target) => {
      const [namespace = "", job = ""] = target.split(" ");
      return series("up", { namespace, job, instance: "a" }, "1x60");
    });
    // The series of exporters that answer are few: of a cluster without jobs, MaintenanceJobMissing is right.
    const pages = `ALERTS{alertstate="firing",severity="critical",alertname!="MaintenanceJobMissing"}`;
    const one = (exporter: string): Value[] => [
      { at: "50m", expr: `count(${pages})`, value: 1 },
      { at: "50m", expr: `count(${pages.replace("}", `,exporter="${exporter}"}`)})`, value: 1 },
    ];
    const missing = { at: "50m", expr: `count(ALERTS{alertname="MaintenanceJobMissing"})`, value: undefined };
    const given = Object.assign({}, ...scraped);
    await judge(groups, { ...given, ...probed }, [...one("kube-state-metrics"), missing]);
    await judge(groups, { ...given, ...clusterSeen }, one("blackbox-exporter"));
  });
});

describe("the alerts on Prometheus and Alertmanager", () => {
  it("are silent while all works, but for the Watchdog, which always fires", () =>
    judged(
      {
        ...healthy,
        ...series("alertmanager_notifications_failed_total", { ...alertmanager, integration: "slack" }, "7x200"),
        ...series("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "a;b" }, "7x200"),
        ...series("prometheus_tsdb_retention_limit_seconds", prometheus, "0x200"),
      },
      ...["NotificationsFailing", "ConfigurationReloadFailed", "RuleEvaluationFailing", "RetentionTooShort"].map(
        (alert) => firing("2h", alert),
      ),
      firing("2m", "Watchdog", {
        description:
          "This alert always fires. If it stops, Prometheus or Alertmanager does not work, and its receiver pages.",
      }),
    ));

  it("say which notifications, configuration and rules fail, and which retention is too short", () =>
    judged(
      {
        ...healthy,
        ...reloaded(alertmanager, "1x30 0x170"),
        ...series("alertmanager_notifications_failed_total", { ...alertmanager, integration: "slack" }, "0x30 0+1x170"),
        ...series("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "a;b" }, "0x30 0+2x170"),
        ...series("prometheus_tsdb_retention_limit_seconds", prometheus, `${15 * 86_400}x200`),
      },
      firing("30m", "NotificationsFailing"),
      firing("2h", "NotificationsFailing", {
        adds: { integration: "slack" },
        description: "15 notifications by slack failed in 15 minutes.",
      }),
      firing("2h", "ConfigurationReloadFailed", {
        adds: alertmanager,
        description:
          "alertmanager:9093 of job alertmanager still runs with its last valid configuration: changed routes or targets have no effect.",
      }),
      firing("2h", "RuleEvaluationFailing", {
        adds: { rule_group: "a;b" },
        description: "30 evaluations of a;b failed in 15 minutes: its alerts do not fire.",
      }),
      firing("2h", "RetentionTooShort", {
        description: "Prometheus keeps its series for 15d 0h 0m 0s; error budgets are counted over 30d.",
      }),
    ));
});

describe("RulesNotLoaded", () => {
  const loaded = (group: string, samples = "5x200") =>
    series(
      "prometheus_rule_group_rules",
      { ...prometheus, rule_group: `/etc/prometheus/rules/shop.yaml;${group}` },
      samples,
    );
  const all = {
    ...loaded("shop-alerts"),
    ...loaded("shop-health"),
    ...loaded("shop-error-ratios"),
    ...loaded("shop-error-budget"),
  };
  const others = loaded("kubernetes-apps");
  const missing = (count: number) => ({
    labels: { watched: "shop" },
    description: `Prometheus loads ${count} of the rule groups shop-alerts, shop-health, shop-error-ratios, shop-error-budget: the alerts of the others do not fire.`,
  });

  it("is silent while all groups of the service are loaded, by one Prometheus or two", () => {
    const second = Object.fromEntries(
      Object.entries(all).map(([name, samples]) => [name.replace("prometheus:9090", "other:9090"), samples]),
    );
    return judged({ ...all, ...second }, firing("2h", "RulesNotLoaded"));
  });

  it("fires where one is missing, and where none is there", async () => {
    await judged(
      { ...others, ...all, ...loaded("shop-alerts", "5x5 stale") },
      firing("14m", "RulesNotLoaded"),
      firing("20m", "RulesNotLoaded", missing(3)),
    );
    await judged(others, firing("20m", "RulesNotLoaded", missing(0)));
  });

  it("leaves it to ExporterMissing that Prometheus is not scraped", () => judged({}, firing("2h", "RulesNotLoaded")));
});
