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

/** Ten probes in turn, of which some fail, once it has answered for as long as is looked at. */
export function endpointFlapping(subject: Subject): Proof {
  const WINDOW = 30;
  const failing =
    (of: number): Metric["value"] =>
    (second) => {
      const probe = second / 60 - WINDOW;
      return probe >= 0 && probe % 10 < of ? 0 : 1;
    };
  const each = (value: Metric["value"]) => ofEach(subject, "probe_success", () => value);
  const first = (value: Metric["value"]) => ofEach(subject, "probe_success", (index) => (index === 0 ? value : 1));
  return {
    ...endpointProof,
    // 70 % answered: with the eighth of thirty that fails, the second of the third ten.
    after: WINDOW + 21,
    beyond: each(failing(3)),
    // 80 %.
    within: each(failing(2)),
    count: endpointOf(subject).urls.length,
    cases: {
      "it fails two probes of three": { metrics: first((second) => ((second / 60) % 3 === 0 ? 1 : 0)), fires: true },
      "it fails one probe of ten": { metrics: first(failing(1)), fires: false },
      "it had one outage": {
        metrics: first((second) => (second >= WINDOW * 60 && second < (WINDOW + 15) * 60 ? 0 : 1)),
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
