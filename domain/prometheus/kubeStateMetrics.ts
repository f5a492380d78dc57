/**
 * PromQL that gives a series while kube-state-metrics is down or not scraped: an object that it does not report may exist then. Each cluster
 * has a Deployment, CoreDNS if no other.
 */
export const kubeStateMetricsDown = "absent(kube_deployment_created)";

/**
 * What a VerticalPodAutoscaler recommends for a container, by `target_kind`, `target_name`, `container` and `resource`. kube-state-metrics exports
 * it only with the configuration of custom resources that docs/features.md shows, whose names are those of its default prefix.
 */
export const RECOMMENDED =
  "kube_customresource_verticalpodautoscaler_status_recommendation_containerrecommendations_target";
