import type { HttpCheck } from "../../domain/alerting/checks.ts";
import { whyUnanswered } from "../alerting/alertmanager.ts";
import { CHECK_TIMEOUT_MS, type Finding } from "./finding.ts";

export async function askHttp({ url }: HttpCheck): Promise<Finding> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
      headers: { "user-agent": "upkeep-health-monitor" },
    });
    // An answer that never ends is a failure; its content is dropped.
    for await (const _ of response.body ?? []);
    return { ok: response.ok, says: `answered with status ${response.status}` };
  } catch (error) {
    return { ok: false, says: whyUnanswered(error, CHECK_TIMEOUT_MS) };
  }
}
