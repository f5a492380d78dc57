import { join } from "node:path";
import { cachedFolder } from "./cached.ts";
import { debianPackages, libraryPath } from "./debian.ts";
import type { Cost } from "./go.ts";
import { writeScript } from "./link.ts";

/** Programs taken from Debian, each with its package and its path there. kube-proxy directs Services with nft; pgbouncer pools connections. */
export const debianTools: Record<string, { package: string; path: string }> = {
  pgbouncer: { package: "pgbouncer", path: "usr/sbin/pgbouncer" },
  nft: { package: "nftables", path: "usr/sbin/nft" },
  "prometheus-blackbox-exporter": {
    package: "prometheus-blackbox-exporter",
    path: "usr/bin/prometheus-blackbox-exporter",
  },
  "prometheus-redis-exporter": { package: "prometheus-redis-exporter", path: "usr/bin/prometheus-redis-exporter" },
  shellcheck: { package: "shellcheck", path: "usr/bin/shellcheck" },
};

/** Listing and fetching one package takes most of it. */
export const debianCost: Cost = { seconds: 15, gigabytes: 0.2 };

/** The program as a script that starts it with the libraries it came with. */
export async function debianProgram(name: string, from: { package: string; path: string }): Promise<string> {
  const root = await debianPackages([from.package]);
  const folder = await cachedFolder(`tools/${name}`, [root, from.path], (partial) =>
    writeScript(join(partial, name), [`LD_LIBRARY_PATH='${libraryPath(root)}' exec '${join(root, from.path)}' "$@"`]),
  );
  return join(folder, name);
}
