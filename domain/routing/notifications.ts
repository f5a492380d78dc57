/**
 * What a notification says, as Alertmanager's templates. At 3 a.m. a person needs, on the first screen: what is wrong, of
 * which service, in which environment, and what to do about it.
 */

/** Of one alert its summary; of several that do not share one, what they have in common. */
export const summary =
  "{{ if .CommonAnnotations.summary }}{{ .CommonAnnotations.summary }}" +
  "{{ else }}{{ .CommonLabels.alertname }}{{ if gt (len .Alerts) 1 }} ({{ len .Alerts }} alerts){{ end }}{{ end }}";

export const service = "{{ with .CommonLabels.service }} {{ . }}{{ end }}";

/** More alerts than a person reads, and than a message holds. */
const MOST = 10;

/** Each alert of the group, with what a heading makes of its summary, and of its runbook's address. */
export function alerts(heading: (summary: string) => string, runbook: (url: string) => string): string {
  return [
    `{{ range $index, $alert := .Alerts }}{{ if lt $index ${MOST} }}`,
    `${heading("{{ .Annotations.summary }}")}{{ if eq .Status "resolved" }} (resolved){{ end }}\n`,
    "{{ with .Annotations.description }}{{ . }}\n{{ end }}",
    "{{ with .Labels.namespace }}Namespace: {{ . }}\n{{ end }}",
    `{{ with .Annotations.runbook_url }}${runbook("{{ . }}")}\n{{ end }}\n`,
    `{{ end }}{{ end }}{{ if gt (len .Alerts) ${MOST} }}The first ${MOST} of {{ len .Alerts }} alerts.{{ end }}`,
  ].join("");
}

/** One line: how loud, where, whose, what. Also an e-mail's subject. */
export function title(environment: string): string {
  const severity = "{{ with .CommonLabels.severity }}{{ . | toUpper }}{{ else }}FIRING{{ end }}";
  return `{{ if eq .Status "resolved" }}RESOLVED{{ else }}${severity}{{ end }} ${environment}${service}: ${summary}`;
}

export const runbook = "{{ .CommonAnnotations.runbook_url }}";
