import { z } from "zod";
import { formatSeconds, seconds } from "../../domain/values/duration.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Runtime = z.object({ data: z.object({ storageRetention: z.string() }) });
const Alertmanagers = z.object({ data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }) });

/** Whether Prometheus keeps series as long as the stack declares, and sends alerts to an Alertmanager. @param retention such as `31d` */
export async function serverFindings(ask: Ask, retention: string): Promise<Finding[]> {
  const { storageRetention } = (await ask("/api/v1/status/runtimeinfo", {}, Runtime)).data;
  const { activeAlertmanagers } = (await ask("/api/v1/alertmanagers", {}, Alertmanagers)).data;
  // "15d", "512MiB" or "15d or 512MiB"; a size alone limits no time.
  const kept = secondsOf(storageRetention.split(" or ")[0] ?? "");
  const findings: Finding[] = [];
  if (kept !== undefined && kept < seconds(retention)) {
    findings.push({
      what: "retention of Prometheus",
      got: formatSeconds(kept),
      fix: `raise it to upkeep:monitoring.retention, ${retention}`,
    });
  }
  if (activeAlertmanagers.length === 0) {
    const fix = "name Alertmanager in Prometheus' configuration (spec.alerting of prometheus-operator's Prometheus)";
    findings.push({ what: "Prometheus", got: "sends alerts to no Alertmanager", fix });
  }
  return findings;
}

const unitSeconds = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** @param text a duration as Prometheus writes it, such as `4w2d` @returns undefined for anything else */
function secondsOf(text: string): number | undefined {
  if (!/^(\d+[ywdhms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([ywdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit as keyof typeof unitSeconds],
    0,
  );
}
