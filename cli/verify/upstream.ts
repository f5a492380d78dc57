import { z } from "zod";
import { upstreamAlerts } from "../../domain/alerting/upstreamAlerts.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Rules = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});

/** Alerts of kube-prometheus that the environment declares to have, and Prometheus has not loaded. */
export async function upstreamFindings(ask: Ask): Promise<Finding[]> {
  const { data } = await ask("/api/v1/rules", { type: "alert" }, Rules);
  const loaded = new Set(data.groups.flatMap(({ rules }) => rules.map(({ name }) => name)));
  return upstreamAlerts
    .filter((name) => !loaded.has(name))
    .map((name) => ({
      what: `alert ${name} of kube-prometheus`,
      got: "not loaded",
      fix: "turn on defaultRules of kube-prometheus-stack, or set upkeep:features.kubePrometheusRules to false",
    }));
}
