import type { Endpoint } from "../../../../domain/declaration/endpoint.ts";
import { ago, blackbox, probed } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

function endpointOf({ rule: { labels }, service }: Subject): Endpoint {
  const found = service?.endpoints.find(({ name }) => name === labels.endpoint);
  if (!found) throw new Error(`${labels.service} declares no endpoint ${labels.endpoint}`);
  return found;
}

/** Series of each of an endpoint's addresses. */
function ofEach(subject: Subject, name: string, value: (index: number) => Metric["value"]): Metric[] {
  const { service, namespace, endpoint } = subject.rule.labels;
  return endpointOf(subject).urls.map((instance, index) =>
    blackbox(name, { job: `upkeep/${service}/${endpoint}`, instance, namespace: namespace as string }, value(index)),
  );
}

const endpointProof = { others: probed, withoutSeries: false, exporterDown: false };

export function endpointDown(subject: Subject): Proof {
  return {
    ...endpointProof,
    beyond: ofEach(subject, "probe_success", () => 0),
    within: ofEach(subject, "probe_success", () => 1),
    count: endpointOf(subject).urls.length,
    cases: {
      "one address of it does not answer": {
        metrics: ofEach(subject, "probe_success", (index) => (index === 0 ? 0 : 1)),
        fires: true,
      },
      "every second probe of it fails": {
        metrics: ofEach(subject, "probe_success", () => (second) => (second / 60) % 2),
        fires: false,
      },
    },
  };
}

export function probeMissing(subject: Subject): Proof {
  const all = ofEach(subject, "probe_success", () => 0);
  return { ...endpointProof, beyond: all.slice(1), within: all, withoutSeries: true };
}

export function certificateExpiring(subject: Subject): Proof {
  const [least] = thresholds(subject.rule.expr) as [number];
  const endsIn = (seconds: number) =>
    ofEach(subject, "probe_ssl_last_chain_expiry_timestamp_seconds", () => ago(-seconds));
  return {
    ...endpointProof,
    step: 600,
    beyond: endsIn(0.9 * least),
    within: endsIn(1.1 * least),
    count: endpointOf(subject).urls.length,
  };
}
