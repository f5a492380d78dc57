/**
 * The text of notifications, as Alertmanager's templates. At 3 a.m. a person needs on the first screen: what is wrong, in
 * which service, in which environment, and what to do about it.
 */

/** The summary that all alerts of the group share, or else their common name and their number. */
export const summary =
  "{{ if .CommonAnnotations.summary }}{{ .CommonAnnotations.summary }}" +
  "{{ else }}{{ .CommonLabels.alertname }}{{ if gt (len .Alerts) 1 }} ({{ len .Alerts }} alerts){{ end }}{{ end }}";

export const service = "{{ with .CommonLabels.service }} {{ . }}{{ end }}";

/** The most alerts that a message lists: a person reads no more, and messages have a limit. */
const MOST = 10;

/**
 * Each alert of the group.
 *
 * @param heading formats its summary
 * @param link formats the address of its runbook, and of its service's dashboard
 * @param most how many are listed
 */
export function alerts(
  heading: (summary: string) => string,
  link: (text: "Runbook" | "Dashboard", url: string) => string,
  most: number = MOST,
): string {
  return [
    `{{ range $index, $alert := .Alerts }}{{ if lt $index ${most} }}`,
    `${heading("{{ .Annotations.summary }}")}{{ if eq .Status "resolved" }} (resolved){{ end }}\n`,
    "{{ with .Annotations.description }}{{ . }}\n{{ end }}",
    "{{ with .Labels.namespace }}Namespace: {{ . }}\n{{ end }}",
    `{{ with .Annotations.runbook_url }}${link("Runbook", "{{ . }}")}\n{{ end }}`,
    `{{ with .Annotations.dashboard_url }}${link("Dashboard", "{{ . }}")}\n{{ end }}\n`,
    `{{ end }}{{ end }}{{ if gt (len .Alerts) ${most} }}The first ${most} of {{ len .Alerts }} alerts.{{ end }}`,
  ].join("");
}

/** One line: severity, environment, service, summary. Also an e-mail's subject. */
export function title(environment: string): string {
  const severity = "{{ with .CommonLabels.severity }}{{ . | toUpper }}{{ else }}FIRING{{ end }}";
  return `{{ if eq .Status "resolved" }}RESOLVED{{ else }}${severity}{{ end }} ${environment}${service}: ${summary}`;
}

/** An incident's title: the vendor shows its severity and whether it is resolved beside it. */
export function incident(environment: string): string {
  return `${environment}${service}: ${summary}`;
}

/** The text of a channel without formats, in which addresses are links. */
export function plainText(environment: string, most?: number): string {
  return `Environment: ${environment}\n${alerts(
    (text) => text,
    (text, url) => `${text}: ${url}`,
    most,
  )}`;
}

/** A template that is one text for critical alerts and another for the rest. */
export function bySeverity(critical: string, other: string): string {
  return `{{ if eq .CommonLabels.severity "critical" }}${critical}{{ else }}${other}{{ end }}`;
}

export const runbook = "{{ .CommonAnnotations.runbook_url }}";

/** Empty where alerts have none. */
export const dashboard = "{{ .CommonAnnotations.dashboard_url }}";
