/** An alert as Alertmanager's API v2 takes it. Source: github.com/prometheus/alertmanager, api/v2/openapi.yaml. */
export interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** RFC 3339. Default: the time of arrival at Alertmanager. */
  startsAt?: string;
  /** RFC 3339. Without it Alertmanager would resolve the alert after its own resolve_timeout. */
  endsAt: string;
}

const POST_TIMEOUT_MS = 3000;
const POST_PAUSE_MS = 2000;

/**
 * Posts alerts to every replica of Alertmanager: replicas share silences and the notification log, but no alerts. Retries a replica that
 * fails once; further retries follow only while no replica has accepted the alerts. Prints the result of each.
 *
 * @param until when to give up, in milliseconds since the epoch
 * @returns whether at least one replica accepted them
 */
export async function deliver(alerts: Alert[], replicas: string[], until: number): Promise<boolean> {
  let waiting = replicas;
  let refusals = 0;
  for (let round = 1; waiting.length > 0; round++) {
    const answers = await Promise.all(waiting.map((replica) => post(alerts, replica)));
    refusals += answers.filter((answer) => answer === "refused").length;
    waiting = waiting.filter((_, index) => answers[index] === "failed");
    const taken = waiting.length + refusals < replicas.length;
    if ((taken && round > 1) || Date.now() + POST_PAUSE_MS > until) break;
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, POST_PAUSE_MS));
  }
  return waiting.length + refusals < replicas.length;
}

/** `refused` is an answer that a retry would not change. */
async function post(alerts: Alert[], replica: string): Promise<"taken" | "refused" | "failed"> {
  try {
    const response = await fetch(`${replica.replace(/\/+$/, "")}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
      signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) {
      console.log(`told    ${replica}`);
      return "taken";
    }
    console.log(`untold  ${replica}: it answered with status ${response.status}: ${text.slice(0, 200)}`);
    return response.status < 500 ? "refused" : "failed";
  } catch (error) {
    console.log(`untold  ${replica}: ${whyUnanswered(error, POST_TIMEOUT_MS)}`);
    return "failed";
  }
}

/** Why a server did not answer, in words that say where to look. @param limit the time-out in milliseconds */
export function whyUnanswered(thrown: unknown, limit: number): string {
  const { name, cause } = thrown as Error;
  if (name === "TimeoutError") return `no answer within ${limit / 1000} s`;
  // fetch wraps the connection's error.
  const { code = "", message } = (cause ?? thrown) as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ECONNREFUSED: "connection refused: nothing listens there",
    ECONNRESET: "the connection was closed before an answer",
    UND_ERR_SOCKET: "the connection was closed before an answer",
    ENOTFOUND: "the name does not resolve: no such host or Service",
    EAI_AGAIN: "the name does not resolve: DNS does not answer",
    EHOSTUNREACH: "no route to the host",
    ENETUNREACH: "no route to the network",
  };
  return known[code] ?? [message, code && `(${code})`].filter(Boolean).join(" ");
}
