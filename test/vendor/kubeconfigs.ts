import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the kubeconfig of a cluster may be: variables that lead kubectl, and so the provider, to it. */
export type Form = "list" | "relative paths" | "another machine's path" | "home";

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

/**
 * The same cluster's kubeconfig in each form.
 *
 * @param folder one that is not there yet
 */
export function kubeconfigs(kubeconfig: string, folder: string): Record<Form, Record<string, string>> {
  const place = (name: string) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    cpSync(kubeconfig, file);
    return file;
  };
  const home = dirname(dirname(place("home/.kube/config")));
  const elsewhere = join(folder, "empty");
  mkdirSync(elsewhere);
  const relative = place("relative/config");
  settle(relative);
  return {
    list: { HOME: elsewhere, KUBECONFIG: `/does/not/exist:${kubeconfig}` },
    "relative paths": { HOME: elsewhere, KUBECONFIG: relative },
    "another machine's path": { HOME: elsewhere, KUBECONFIG: place("another/machine/config") },
    home: { HOME: home },
  };
}

/** Moves the certificates into files beside it, named by paths that only its own folder makes sense of. */
function settle(file: string): void {
  const kubeconfig: Kubeconfig = JSON.parse(readFileSync(file, "utf8"));
  const fields = [...kubeconfig.clusters.map(({ cluster }) => cluster), ...kubeconfig.users.map(({ user }) => user)];
  for (const entry of fields) {
    for (const [key, value] of Object.entries(entry).filter(([name]) => name.endsWith("-data"))) {
      const name = key.replace(/-data$/, "");
      writeFileSync(join(dirname(file), name), Buffer.from(value, "base64"));
      delete entry[key];
      entry[name] = name;
    }
  }
  writeFileSync(file, JSON.stringify(kubeconfig));
}
