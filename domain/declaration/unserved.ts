/**
 * The condition, for an alert, that a Kubernetes Service exists and no ready pod is behind it: PromQL over the EndpointSlices of
 * kube-state-metrics, which exports them by default (and no `kube_endpoint_address` since 2.18). Without the Service, or without
 * kube-state-metrics, it gives nothing.
 *
 * @param service its name, in the namespace of `$scope`
 */
export function unserved(service: string): string {
  // The controller makes a slice for a Service without pods too, and names each after the Service.
  const slices = `{$scope,endpointslice=~"${service}-[a-z0-9]{5}"`;
  return `sum(kube_endpointslice_endpoints${slices},ready="true"} or 0 * kube_endpointslice_info${slices}}) == 0`;
}
