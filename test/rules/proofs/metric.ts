/** A series as its exporter writes it, over the time of a test. */
export interface Metric {
  name: string;
  labels: Record<string, string>;
  /** The sample at a second after the test's start; undefined where there is none. */
  value: number | ((second: number) => number | undefined);
  /** Whether it begins at 0 again when its target restarts. */
  counter?: boolean;
  /** The labels that differ once its target has restarted elsewhere. @default none: it restarts under the same address */
  elsewhere?: Record<string, string>;
}

/** A counter that grows evenly. It begins high: near 0 Prometheus extrapolates less, and a rate is too low at first. */
export function counter(name: string, labels: Metric["labels"], perSecond: number, elsewhere = {}): Metric {
  return { name, labels, value: (second) => 1e6 + perSecond * second, counter: true, elsewhere };
}

/** How long a restarted target is missing, in evaluations. */
const GAP = 2;

/**
 * The samples in promtool's notation.
 *
 * @param step seconds between two samples
 * @param steps how many follow the first
 * @param restart index of the first sample that is missing because the target restarts
 */
export function inputSeries(metrics: Metric[], step: number, steps: number, restart?: number) {
  return metrics.flatMap((metric) => {
    const { name, labels, counter = false, elsewhere = {} } = metric;
    const at = (index: number) => {
      const second = index * step;
      return typeof metric.value === "number" ? metric.value : metric.value(second);
    };
    const all = Array.from({ length: steps + 1 }, (_, index) => at(index));
    if (restart === undefined) return [line(name, labels, all)];
    const back = restart + GAP;
    const lost = counter ? (all[back] ?? 0) : 0;
    const before = all.map((value, index) => (index < restart ? value : index === restart ? STALE : undefined));
    const after = all.map((value, index) => (index < back || value === undefined ? undefined : value - lost));
    if (Object.keys(elsewhere).length > 0) {
      return [line(name, labels, before), line(name, { ...labels, ...elsewhere }, after)];
    }
    return [
      line(
        name,
        labels,
        before.map((value, index) => value ?? after[index]),
      ),
    ];
  });
}

const STALE = "stale";

function line(name: string, labels: Metric["labels"], samples: (number | typeof STALE | undefined)[]) {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${matchers.join(",")}}`, values: notation(samples.map((sample) => `${sample ?? "_"}`)) };
}

/** Equal neighbours as one. */
function notation(samples: string[]): string {
  const runs: { sample: string; count: number }[] = [];
  for (const sample of samples) {
    const last = runs.at(-1);
    if (last?.sample === sample) last.count++;
    else runs.push({ sample, count: 1 });
  }
  return runs
    .map(({ sample, count }) => {
      if (count === 1) return sample;
      // promtool counts missing samples from 1, and others from 0.
      return sample === "_" ? `_x${count}` : `${sample}x${count - 1}`;
    })
    .join(" ");
}
