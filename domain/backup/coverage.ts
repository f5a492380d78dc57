import type { Service } from "../declaration/service.ts";
import { type Attempt, runCheck } from "../values/attempt.ts";
import { DAY, formatSeconds, seconds } from "../values/duration.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { longestGap, parseSchedule } from "../values/schedule.ts";
import { kindOf, kinds } from "./datastores/kinds.ts";

type Declared = Pick<Service, "datastores" | "backups">;

/** Lists that a service must have, even if they are empty: one that is missing says nothing about what is stored. */
export function undeclaredLists(service: Partial<Declared>): Fault[] {
  return (["datastores", "backups"] as const)
    .filter((list) => service[list] === undefined)
    .map((list) => ({
      code: "missing-list",
      path: `service.${list}`,
      got: undefined,
      allowed: "a list, empty if there is none",
      fix: `add ${list}: []`,
    }));
}

/** Datastores with neither a backup nor a stated reason for having none. */
export function uncoveredDatastores({ datastores, backups }: Declared, attempt: Attempt = runCheck): Fault[] {
  return datastores.flatMap((datastore) =>
    attempt(() => {
      const { name, unprotected } = datastore;
      if (unprotected?.trim()) return [];
      if (!Object.hasOwn(kinds, datastore.kind)) return [unknownKind(datastore)];
      const { instead, continuous } = kindOf(datastore);
      if (continuous(datastore) || backups.some((backup) => backup.datastore === name)) return [];
      return [
        {
          code: "datastore-without-backup",
          path: `datastores "${shown(name)}"`,
          got: "without a backup",
          allowed: "a backup, or a stated reason for having none",
          fix: `add backup("${shown(name)}", …)${instead ? `, or ${instead}` : ""}, or set unprotected: "<the reason>" on the datastore`,
        },
      ];
    }),
  );
}

/** Backups, continuous ones too, with neither a drill nor a stated reason for having none. */
export function undrilledBackups({ datastores, backups }: Declared, attempt: Attempt = runCheck): Fault[] {
  return [
    ...datastores.flatMap((datastore) =>
      attempt(() => {
        if (!Object.hasOwn(kinds, datastore.kind)) return [];
        const continuous = kindOf(datastore).continuous(datastore);
        return continuous ? undrilled(`datastores "${shown(datastore.name)}" continuous`, continuous) : [];
      }),
    ),
    ...backups.flatMap((backup) => attempt(() => undrilled(`backup "${shown(backup.job)}"`, backup))),
  ];
}

/** The longest time between two drills of a backup, a quarter: what was rehearsed longer ago may no longer work. */
const LONGEST_DRILL_GAP = 92 * DAY;

/** Drills that run too rarely. @param longest seconds between two of them. Default: a quarter */
export function rareDrills(
  { datastores, backups }: Declared,
  attempt: Attempt = runCheck,
  longest = LONGEST_DRILL_GAP,
): Fault[] {
  return [
    ...datastores.flatMap((datastore) =>
      attempt(() => {
        if (!Object.hasOwn(kinds, datastore.kind)) return [];
        const every = kindOf(datastore).continuous(datastore)?.drill?.every?.value;
        const gap = every !== undefined && readable(() => seconds(every)) ? seconds(every) : 0;
        return rare(`datastores "${shown(datastore.name)}" continuous drill every`, `"${every}"`, gap, longest);
      }),
    ),
    ...backups.flatMap((backup) =>
      attempt(() => {
        const schedule = backup.drill?.schedule?.value;
        // The component refuses a schedule that cannot be read.
        const valid = schedule !== undefined && readable(() => parseSchedule(schedule));
        const gap = valid ? longestGap(parseSchedule(schedule)) : 0;
        return rare(`backup "${shown(backup.job)}" drill schedule`, `"${schedule}"`, gap, longest);
      }),
    ),
  ];
}

function rare(path: string, written: string, gap: number, longest: number): Fault[] {
  if (gap <= longest) return [];
  return [
    {
      code: "drill-too-rare",
      path,
      got: `${written}, with up to ${formatSeconds(gap)} between two drills`,
      allowed: `${formatSeconds(longest)}${longest === LONGEST_DRILL_GAP ? ", a quarter" : ""}`,
      fix: "run it more often",
    },
  ];
}

function unknownKind({ name, kind }: { name: string; kind?: unknown }): Fault {
  return {
    code: "datastore-kind-unknown",
    path: `datastores "${shown(name)}" kind`,
    got: redacted(kind),
    allowed: Object.keys(kinds).join(", "),
    fix: "write one of them, or the datastore cannot be judged",
  };
}

/** A name as a path may show it: any other text may be a secret. */
function shown(name: string | undefined): string {
  return name !== undefined && /^[\w.-]{1,63}$/.test(name) ? name : "*";
}

function undrilled(path: string, { drill, undrilled: reason }: { drill?: unknown; undrilled?: string }): Fault[] {
  if (drill !== undefined || reason?.trim()) return [];
  return [
    {
      code: "backup-without-drill",
      path,
      got: "without a drill",
      allowed: "a drill, or a stated reason for having none",
      fix: 'add drill: { … }, or set undrilled: "<the reason>" beside it',
    },
  ];
}
