/**
 * PromQL that gives a series while kube-state-metrics is down or not scraped: an object that it does not report may exist then. Each cluster
 * has a Deployment, CoreDNS if no other.
 */
export const kubeStateMetricsDown = "absent(kube_deployment_created)";
