/**
 * The alerts of kube-prometheus on which Upkeep relies instead of having its own: they are about nodes and about the monitoring itself, which
 * belong to the platform. `make verify` asks whether they are loaded. Source: monitoring.mixins.dev, kubernetes, node-exporter, prometheus and alertmanager.
 */
export const upstreamAlerts = [
  "AlertmanagerConfigInconsistent",
  "AlertmanagerFailedReload",
  "AlertmanagerFailedToSendAlerts",
  "KubeNodeNotReady",
  "KubePersistentVolumeFillingUp",
  "KubeVersionMismatch",
  "NodeFilesystemAlmostOutOfSpace",
  "NodeMemoryHighUtilization",
  "NodeSystemSaturation",
  "PrometheusHighQueryLoad",
  "PrometheusMissingRuleEvaluations",
  "PrometheusRuleFailures",
  "PrometheusTSDBCompactionsFailing",
  "PrometheusTSDBReloadsFailing",
  "TargetDown",
] as const;
