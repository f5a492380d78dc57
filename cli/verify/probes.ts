import type { IProbe } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Probe";
import { z } from "zod";
import type { PreviewedResource } from "../preview.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() }),
    ),
  }),
});

/** Probes that Prometheus does not scrape, or that blackbox exporter does not answer. */
export async function probeFindings(ask: Ask, resources: readonly PreviewedResource[]): Promise<Finding[]> {
  const probes = resources
    .filter(({ type }) => type.endsWith(":Probe"))
    .map(({ inputs }) => inputs as unknown as IProbe);
  if (probes.length === 0) return [];
  const { data } = await ask("/api/v1/targets", { state: "active" }, Targets);
  return probes.flatMap(({ metadata, spec }): Finding[] => {
    const what = `Probe ${metadata?.namespace}/${metadata?.name}`;
    const targets = data.activeTargets.filter(({ labels }) => labels.job === spec?.jobName);
    const urls = spec?.targets?.staticConfig?.static?.length ?? 0;
    if (targets.length < urls) {
      const fix =
        "set upkeep:monitoring.probeLabels to what Prometheus' probeSelector selects, and see its probeNamespaceSelector";
      return [{ what, got: `${targets.length} of its ${urls} addresses scraped`, fix }];
    }
    const down = targets.find(({ health }) => health === "down");
    return down ? [{ what, got: down.lastError, fix: "see upkeep:features.blackboxExporter and its Service" }] : [];
  });
}
