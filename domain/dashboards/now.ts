import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { TableCellDisplayMode } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Text, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { isUtc, type MaintenanceWindow } from "../declaration/window.ts";
import { runbookUrl, subjectLabels } from "../prometheus/rules.ts";
import { secondsToOpening } from "../windows/nextOpening.ts";
import type { DashboardEnvironment } from "./environment.ts";
import { HEIGHT, number, prometheus, query } from "./panels.ts";
import type { Row } from "./row.ts";

/** What fires, and when the next window opens. */
export const now: Row = (service, environment) => [
  firing(service.name, environment),
  ...service.windows.map((window) => nextWindow(window)),
];

/** What Grafana replaces by the text of the cell. */
const CELL = `\${__value.text}`;

/** The labels of an alert that a person needs, in the order of the columns. */
const columns = ["severity", "alertname", ...subjectLabels, "measure", "window", "percentile"];

function firing(service: string, { name, monitoring }: DashboardEnvironment): Builder<Panel> {
  const alerts = `ALERTS{service="${service}",environment="${name}",alertstate="firing",severity!="none"}`;
  const table = new Table()
    .title("Firing")
    .description(
      "The alerts of this service that Prometheus fires, muted ones too. The health monitor posts its own, HealthCheckFailed, BackupAgeHigh, BackupMissing and BackupSuspect, to Alertmanager itself.",
    )
    .datasource(prometheus)
    .span(16)
    .height(HEIGHT)
    .cellOptions({ type: TableCellDisplayMode.Auto })
    .noValue("Nothing fires.")
    .targets([
      query(`max by (${columns.join(", ")}) (${alerts})`, 0)
        .instant()
        .format(PromQueryFormat.Table),
    ])
    .withTransformation({ id: "organize", options: { excludeByName: { Time: true, Value: true } } })
    .overrideByName("alertname", [
      {
        id: "links",
        value: [{ title: "Runbook", url: runbookUrl(monitoring.runbooks, CELL), targetBlank: true }],
      },
    ]);
  // The builder's default options have a footer, which the table of Grafana 13 does not know.
  return { build: () => ({ ...table.build(), options: { frameIndex: 0, showHeader: true } }) };
}

function nextWindow(window: MaintenanceWindow) {
  const { name, timeZone } = window;
  const when = describe(window);
  if (!isUtc(window)) {
    return new Text()
      .title(`Window ${name}`)
      .span(8)
      .height(HEIGHT)
      .mode(TextMode.Markdown)
      .content(`${when}, ${timeZone}. Prometheus has no clock of that zone, so its next opening is not computed here.`);
  }
  return number({
    title: `Until window ${name}`,
    description: `${when}, UTC. 0 while it is open: warnings are muted then.`,
    unit: "s",
    queries: [["until it opens", secondsToOpening(window)]],
    span: 8,
  });
}

function describe({ on, at, lasts }: MaintenanceWindow): string {
  const days = "first" in on ? `The first ${named(on.first)} of a month` : `Every ${named(on.every)}`;
  return `${days} at ${at.value} for ${lasts.value}`;
}

function named(day: string): string {
  return day === "day" ? day : `${day.slice(0, 1).toUpperCase()}${day.slice(1)}`;
}
