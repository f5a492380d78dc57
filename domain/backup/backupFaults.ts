import type { Backup, Service } from "../declaration/service.ts";
import { type Fault, redacted } from "../values/fault.ts";
import type { KindEnvironment } from "./datastores/kind.ts";
import { kindOf } from "./datastores/kinds.ts";
import { scratchFaults } from "./scratch.ts";
import { suspectFaults } from "./suspect.ts";
import { throughputFaults } from "./throughput.ts";
import { keepFaults } from "./tierFaults.ts";

/** What is wrong with a service's backups, whatever its objectives are. */
export function backupFactsFaults({ datastores, backups }: Pick<Service, "datastores" | "backups">): Fault[] {
  return [
    ...backups.flatMap((backup, index) => [
      ...prefixFaults(backup, `backups[${index}].prefix`),
      ...survivesFaults(backup, `backups[${index}].survives`),
      ...keepFaults(backup, `backups[${index}].keep`),
      ...suspectFaults(backup, `backups[${index}]`),
      ...datastores
        .filter(({ name }) => name === backup.datastore)
        .flatMap((datastore) => [
          ...throughputFaults(datastore, backup, `backups[${index}]`),
          ...scratchFaults(datastore, backup, `backups[${index}]`),
        ]),
    ]),
    ...sharedPrefixFaults(backups),
    ...datastores.flatMap((datastore) => kindOf(datastore).faults(datastore)),
  ];
}

/** What keeps an environment's cluster from making a service's backups. */
export function backupFaultsIn({ datastores, backups }: Service, environment: KindEnvironment): Fault[] {
  return datastores
    .filter(({ name }) => backups.some(({ datastore }) => datastore === name))
    .flatMap((datastore) => kindOf(datastore).faultsIn(datastore, environment));
}

/** `database/`, not `database`: rules of the bucket are about what begins with it, and `database-old/…` would be among it. */
function prefixFaults({ prefix }: Backup, path: string): Fault[] {
  if (/^([\w.-]+\/)+$/.test(prefix)) return [];
  const allowed = "names of letters, digits, dots, dashes and underscores, each with a slash behind";
  return [{ code: "malformed-prefix", path, got: `"${prefix}"`, allowed, fix: 'write for example "database/"' }];
}

/** Backups share the service's bucket: one under the other's prefix would be expired, listed and written by the other's rules. */
function sharedPrefixFaults(backups: Backup[]): Fault[] {
  return backups.flatMap((backup, index) =>
    backups.slice(0, index).flatMap((earlier, before) => {
      const overlap = backup.prefix.startsWith(earlier.prefix) || earlier.prefix.startsWith(backup.prefix);
      if (!overlap) return [];
      return [
        {
          code: "overlapping-prefixes",
          path: `backups[${index}].prefix`,
          got: `"${backup.prefix}", and backups[${before}].prefix is "${earlier.prefix}"`,
          allowed: "prefixes of which none contains another: the service's backups share one bucket",
          fix: "give each backup a prefix of its own",
        },
      ];
    }),
  );
}

function survivesFaults({ survives = 0 }: Backup, path: string): Fault[] {
  if (Number.isInteger(survives) && survives >= 0) return [];
  return [
    {
      code: "malformed-survives",
      path,
      got: redacted(survives),
      allowed: "a whole number of failed runs, 0 or more",
      fix: "write for example 1",
    },
  ];
}
