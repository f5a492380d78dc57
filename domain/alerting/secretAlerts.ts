import type { Service } from "../declaration/service.ts";
import { kubeStateMetricsDown } from "../prometheus/kubeStateMetrics.ts";
import type { AlertFacts } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import { indicatorMissing } from "./indicatorMissing.ts";

/** The alerts on the age of the Secrets that a service declares. Kubernetes says when one was created, and nothing reads it. */
export function secretAlerts({ namespace, secrets = [] }: Pick<Service, "namespace" | "secrets">): AlertFacts[] {
  return secrets.flatMap(({ name, maxAge: { value: maxAge } }) => {
    const metric = "kube_secret_created";
    const one = `${metric}{namespace="${namespace}",secret="${name}"}`;
    return [
      {
        name: "SecretOld",
        expr: `time() - max(${one}) > ${seconds(maxAge)}`,
        for: "1h",
        severity: "warning" as const,
        labels: { secret: name },
        summary: `Secret ${name} should be rotated`,
        description: `Secret ${namespace}/${name} is {{ $value | humanizeDuration }} old; it may be ${maxAge}.`,
      },
      indicatorMissing(
        metric,
        `absent(${one}) unless on () ${kubeStateMetricsDown}`,
        `Nothing says how old Secret ${name} is`,
        `Secret ${namespace}/${name} does not exist, or kube-state-metrics reports no Secrets: SecretOld cannot fire for it.`,
        { secret: name },
      ),
    ];
  });
}
