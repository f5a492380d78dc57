import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

interface Entry {
  name: string;
  cluster?: Record<string, unknown>;
  context?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

const kinds = ["clusters", "contexts", "users"] as const;

type Kubeconfig = Record<(typeof kinds)[number], Entry[]>;

/** Fields that are paths, relative to the file that contains them. */
const paths = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** Where kubectl looks, and so does the provider, which gets no path; in this order. @param file the environment's own, in place of the user's */
export function kubeconfigFiles(file: string | undefined, variables: NodeJS.ProcessEnv = process.env): string[] {
  if (file) return [file.replace(/^~(?=\/)/, variables.HOME ?? homedir())];
  const named = (variables.KUBECONFIG ?? "").split(delimiter).filter((name) => name !== "");
  return named.length > 0 ? named : [join(variables.HOME ?? homedir(), ".kube/config")];
}

/**
 * The files merged as kubectl merges them: a missing or empty file adds nothing, and of two entries with one name the first
 * counts. Unlike the client's own loader it never falls back to the cluster that it runs in, or to localhost.
 *
 * @throws Error for a file that exists and cannot be read
 */
export function mergedKubeconfig(files: string[]): Kubeconfig {
  const merged: Kubeconfig = { clusters: [], contexts: [], users: [] };
  for (const file of files) {
    const content = contentOf(file);
    for (const kind of kinds) {
      const known = merged[kind].map(({ name }) => name);
      const added: Entry[] = content?.[kind] ?? [];
      merged[kind].push(...added.filter(({ name }) => !known.includes(name)).map((entry) => absolute(entry, file)));
    }
  }
  return merged;
}

function contentOf(file: string): Partial<Kubeconfig> | null {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new Error(`${file} cannot be read as a kubeconfig`, { cause: error });
  }
}

function absolute(entry: Entry, file: string): Entry {
  const settle = (fields: Record<string, unknown> = {}) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        paths.includes(key) && typeof value === "string" ? resolve(dirname(file), value) : value,
      ]),
    );
  return {
    ...entry,
    ...(entry.cluster && { cluster: settle(entry.cluster) }),
    ...(entry.user && { user: settle(entry.user) }),
  };
}
