import type { Service } from "../../domain/declaration/service.ts";
import { mplp } from "../../services/mplp.ts";

/** MPLP with its database alone: one datastore, one backup. */
export const database: Service = {
  ...mplp,
  workloads: [],
  datastores: mplp.datastores.filter(({ name }) => name === "main"),
  backups: mplp.backups.filter(({ datastore }) => datastore === "main"),
};
