import type { Backup, Service } from "../declaration/service.ts";
import { imageFault } from "../kubernetes/imageReference.ts";
import type { Fault } from "../values/fault.ts";
import type { KindEnvironment } from "./datastores/kind.ts";
import { kindOf } from "./datastores/kinds.ts";
import { scratchFaults } from "./scratch.ts";
import { throughputFaults } from "./throughput.ts";
import { keepFaults } from "./tierFaults.ts";

/** Faults of a service's backups that do not depend on its objectives. */
export function backupFaults({ datastores, backups }: Pick<Service, "datastores" | "backups">): Fault[] {
  return [
    ...backups.flatMap((backup, index) => [
      ...keepFaults(backup, `backups[${index}].keep`),
      ...datastores
        .filter(({ name }) => name === backup.datastore)
        .flatMap((datastore) => [
          ...throughputFaults(datastore, backup, `backups[${index}]`),
          ...scratchFaults(datastore, backup, `backups[${index}]`),
        ]),
    ]),
    ...sharedPrefixFaults(backups),
    ...datastores.flatMap((datastore, index) =>
      "image" in datastore && datastore.image !== undefined
        ? imageFault(datastore.image, `datastores[${index}].image`)
        : [],
    ),
  ];
}

/** Faults of backups that an environment's cluster cannot make. */
export function backupFaultsIn({ datastores, backups }: Service, environment: KindEnvironment): Fault[] {
  return datastores
    .filter(({ name }) => backups.some(({ datastore }) => datastore === name))
    .flatMap((datastore) => kindOf(datastore).faultsIn(datastore, environment));
}

/** Backups share the service's bucket: under the other's prefix, one would be expired and listed by the other's rules. */
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
          allowed: "prefixes that do not contain each other: the service's backups share one bucket",
          fix: "give each backup a prefix of its own",
        },
      ];
    }),
  );
}
