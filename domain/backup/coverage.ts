import type { Service } from "../declaration/service.ts";
import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import { kindOf } from "./datastores/kinds.ts";

type Declared = Pick<Service, "datastores" | "backups">;

/** Datastores with neither a backup nor a stated reason for having none. */
export function uncoveredDatastores({ datastores, backups }: Declared, attempt: Attempt = runCheck): Fault[] {
  return datastores.flatMap((datastore) =>
    attempt(() => {
      const { name, unprotected } = datastore;
      if (unprotected?.trim()) return [];
      const { instead, continuous } = kindOf(datastore);
      if (continuous(datastore) || backups.some((backup) => backup.datastore === name)) return [];
      return [
        {
          code: "datastore-without-backup",
          path: `datastores "${name}"`,
          got: "without a backup",
          allowed: "a backup, or a stated reason for having none",
          fix: `add backup("${name}", …)${instead ? `, or ${instead}` : ""}, or set unprotected: "<the reason>" on the datastore`,
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
        const continuous = kindOf(datastore).continuous(datastore);
        return continuous ? undrilled(`datastores "${datastore.name}" continuous`, continuous) : [];
      }),
    ),
    ...backups.flatMap((backup) => attempt(() => undrilled(`backup "${backup.job}"`, backup))),
  ];
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
