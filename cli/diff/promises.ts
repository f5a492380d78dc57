import type { BackupPosture, ContinuousPosture, Objective, Posture, ServicePosture } from "../../domain/posture.ts";
import { type Severity, severities } from "../../domain/values/severity.ts";
import { compared, gained, higherIsWorse, longerIsWorse, lost, lowerIsWorse, shorterIsWorse } from "./direction.ts";
import type { Direction, PromiseChange } from "./report.ts";

/**
 * What differs between the promises of two revisions, what gets worse first.
 *
 * @param before the stack's output `posture` of the base; undefined if the stack is new
 */
export function promiseChanges(before: Posture | undefined, after: Posture): PromiseChange[] {
  if (before && before.version !== after.version) {
    const versions = { before: `version ${before.version}`, after: `version ${after.version}` };
    return [
      {
        subject: after.environment,
        what: "shape of the posture: promises are not compared",
        ...versions,
        direction: "changed",
      },
    ];
  }
  const found = pairs(before?.services ?? [], after.services, ({ name }) => name).flatMap(([name, old, now]) => {
    if (!now) return [lost(name, "service is no longer maintained", "maintained")];
    if (!old) return [gained(name, "service", "maintained")];
    return serviceChanges(old, now);
  });
  const order: Direction[] = ["worse", "changed", "better"];
  return found.sort((one, other) => order.indexOf(one.direction) - order.indexOf(other.direction));
}

function serviceChanges(old: ServicePosture, now: ServicePosture): PromiseChange[] {
  const { name } = now;
  const objectives = (["recoveryPoint", "recoveryTime", "errorRate"] as const).flatMap((key) =>
    objective(name, words[key], old[key], now[key], key === "errorRate" ? higherIsWorse : longerIsWorse),
  );
  return [
    ...objectives,
    ...objective(name, "promised availability", old.availability, now.availability, lowerIsWorse),
    ...pairs(old.latency, now.latency, ({ percentile }) => `${name}/p${percentile}`).flatMap(([subject, one, other]) =>
      objective(subject, "promised latency", one, other, longerIsWorse),
    ),
    ...pairs(old.backups, now.backups, ({ datastore }) => datastore).flatMap(([datastore, one, other]) =>
      backupChanges(`${name}/${datastore}`, one, other),
    ),
    ...pairs(old.continuous, now.continuous, ({ datastore }) => datastore).flatMap(([datastore, one, other]) =>
      continuousChanges(`${name}/${datastore}`, one, other),
    ),
    ...pairs(old.unprotected, now.unprotected, ({ datastore }) => datastore).flatMap(([datastore, one, other]) =>
      compared(`${name}/${datastore}`, "without a backup, because", one?.reason, other?.reason, () =>
        one ? (other ? "changed" : "better") : "worse",
      ),
    ),
    ...compared(name, "schedule of checks", old.monitor?.schedule, now.monitor?.schedule),
    ...pairs(old.jobs ?? [], now.jobs ?? [], ({ job }) => job).flatMap(([job, one, other]) => [
      ...compared(`${name}/${job}`, "job runs", one?.runs, other?.runs, (from, to) =>
        from === undefined ? "better" : to === undefined ? "worse" : "changed",
      ),
      ...compared(`${name}/${job}`, "job runs within window", one?.window, other?.window, (_, to) =>
        to === undefined ? "worse" : "changed",
      ),
    ]),
    ...endpointChanges(old, now),
    ...alertChanges(old, now),
    ...severities.flatMap((severity) => channelChanges(old, now, severity)),
    ...pairs(old.autoscalers, now.autoscalers, ({ workload }) => workload).flatMap(([workload, one, other]) => {
      const bounds = (of: typeof one) => of && `${of.min} to ${of.max} pods at ${of.cpu} CPU`;
      return compared(`${name}/${workload}`, "autoscaler", bounds(one), bounds(other));
    }),
    ...pairs(old.windows, now.windows, (window) => window.name).flatMap(([window, one, other]) => [
      ...compared(`${name}/${window}`, "window opens", one?.opens, other?.opens, () =>
        one ? (other ? "changed" : "better") : "worse",
      ),
      ...compared(`${name}/${window}`, "window mutes warnings for", one?.lasts, other?.lasts, (from, to) =>
        from === undefined ? "worse" : to === undefined ? "better" : longerIsWorse(from, to),
      ),
    ]),
  ];
}

const words = {
  recoveryPoint: "promised recovery point",
  recoveryTime: "promised recovery time",
  errorRate: "promised error rate",
};

function objective(
  subject: string,
  what: string,
  old: Objective | undefined,
  now: Objective | undefined,
  worse: (before: string, after: string) => Direction,
): PromiseChange[] {
  return compared(subject, what, old?.promised, now?.promised, (before, after) =>
    before !== undefined && after !== undefined ? worse(before, after) : after === undefined ? "worse" : "better",
  );
}

function backupChanges(subject: string, old?: BackupPosture, now?: BackupPosture): PromiseChange[] {
  if (!now) return [lost(subject, "backup", old?.schedule ?? "")];
  if (!old) return [gained(subject, "backup", now.schedule)];
  return [
    ...compared(
      subject,
      "recovery point of its own",
      old.recoveryPoint?.promised,
      now.recoveryPoint?.promised,
      (before, after) => (before !== undefined && after !== undefined ? longerIsWorse(before, after) : "changed"),
    ),
    ...compared(subject, "recovery point, at worst", old.worstCaseLoss, now.worstCaseLoss, longerIsWorse),
    ...compared(subject, "margin to the promised recovery point", old.margin, now.margin, shorterIsWorse),
    ...compared(subject, "schedule of backups", old.schedule, now.schedule),
    ...compared(subject, "backups kept for", old.keep, now.keep, shorterIsWorse),
    ...compared(subject, "drill", old.drill, now.drill, drillDirection),
    ...compared(subject, "a run is suspect if it shrinks by", old.shrink, now.shrink, higherIsWorse),
    ...compared(subject, "suspect run that is accepted", old.accepts, now.accepts),
  ];
}

function continuousChanges(subject: string, old?: ContinuousPosture, now?: ContinuousPosture): PromiseChange[] {
  if (!now) return [lost(subject, "continuous backup", old?.by ?? "")];
  if (!old) return [gained(subject, "continuous backup", now.by)];
  return [
    ...compared(subject, "recovery point, at worst", old.within, now.within, longerIsWorse),
    ...compared(subject, "newest base backup within", old.baseBackupWithin, now.baseBackupWithin, (from, to) =>
      from !== undefined && to !== undefined ? longerIsWorse(from, to) : to === undefined ? "worse" : "better",
    ),
    ...compared(subject, "continuous backup by", old.by, now.by),
    ...compared(subject, "drill", old.drill, now.drill, drillDirection),
  ];
}

/** The posture says `none: <why>` if no restore is rehearsed. */
function drillDirection(before: string | undefined, after: string | undefined): Direction {
  const drilled = (drill: string | undefined) => drill !== undefined && !drill.startsWith("none");
  if (drilled(before) === drilled(after)) return "changed";
  return drilled(after) ? "better" : "worse";
}

function endpointChanges(old: ServicePosture, now: ServicePosture): PromiseChange[] {
  const addresses = ({ endpoints }: ServicePosture) =>
    Object.entries(endpoints).flatMap(([endpoint, urls]) => urls.map((url) => ({ endpoint, url })));
  const key = ({ endpoint, url }: { endpoint: string; url: string }) => `${endpoint} ${url}`;
  return pairs(addresses(old), addresses(now), key).flatMap(([, one, other]) => {
    const { endpoint, url } = (one ?? other) as { endpoint: string; url: string };
    if (one && other) return [];
    const subject = `${now.name}/${endpoint}`;
    return [one ? lost(subject, "checked address", url) : gained(subject, "checked address", url)];
  });
}

function alertChanges(old: ServicePosture, now: ServicePosture): PromiseChange[] {
  const groups = ({ alerts }: ServicePosture) =>
    [...Map.groupBy(alerts, ({ alert, severity }) => `${alert} (${severity})`)].map(([alert, all]) => ({
      alert,
      count: all.length,
      // The slowest of several with the same name; one that notifies no one is slower than any.
      told: all.some(({ toldWithin }) => toldWithin === undefined)
        ? undefined
        : all.map(({ toldWithin }) => toldWithin as string).sort(longest)[0],
    }));
  return pairs(groups(old), groups(now), ({ alert }) => alert).flatMap(([alert, one, other]) => {
    if (!other) return [lost(now.name, "alert", alert)];
    if (!one) return [gained(now.name, "alert", alert)];
    const subject = `${now.name}/${alert}`;
    return [
      ...compared(subject, "number of such alerts", String(one.count), String(other.count), lowerIsWorse),
      ...compared(subject, "notifies within", one.told ?? "never", other.told ?? "never", (from, to) =>
        from === "never" ? "better" : to === "never" ? "worse" : longerIsWorse(from, to),
      ),
    ];
  });
}

function longest(one: string, other: string): number {
  return longerIsWorse(one, other) === "worse" ? 1 : -1;
}

function channelChanges(old: ServicePosture, now: ServicePosture, severity: Severity): PromiseChange[] {
  const text = ({ told }: ServicePosture) => told[severity].join(", ") || "no one";
  return compared(`${now.name}/${severity}`, "alerts notify", text(old), text(now), () => {
    if (old.told[severity].some((channel) => !now.told[severity].includes(channel))) return "worse";
    return now.told[severity].some((channel) => !old.told[severity].includes(channel)) ? "better" : "changed";
  });
}

/** What both lists have by a key, in the order of the new list; what only the old one has comes last. */
function pairs<T>(
  old: readonly T[],
  now: readonly T[],
  key: (one: T) => string,
): [key: string, old: T | undefined, now: T | undefined][] {
  const before = new Map(old.map((one) => [key(one), one]));
  const after = new Map(now.map((one) => [key(one), one]));
  return [...new Set([...after.keys(), ...before.keys()])].map((name) => [name, before.get(name), after.get(name)]);
}
