import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";

/** The administrator's, for people, tests and the program. */
export function kubeconfigFile(settings: Settings): string {
  return join(settings.directory, "kubeconfig");
}

/** The one of a part, with that part's own identity. */
export function partKubeconfig(settings: Settings, identity: string): string {
  return join(settings.directory, "certificates", `${identity}.kubeconfig`);
}

export function apiserverUrl(settings: Settings): string {
  return `https://${settings.address}:${settings.ports.apiserver}`;
}

/** Writes a kubeconfig for the administrator and for each part that talks to the API. */
export async function writeKubeconfigs(settings: Settings): Promise<void> {
  const parts = ["controller-manager", "scheduler", "kubelet", "kube-proxy", "coredns"];
  await Promise.all([
    write(settings, "admin", kubeconfigFile(settings)),
    ...parts.map((identity) => write(settings, identity, partKubeconfig(settings, identity))),
  ]);
}

/** Certificates are embedded, so that the file works wherever it is copied; JSON is YAML. */
async function write(settings: Settings, identity: string, file: string): Promise<void> {
  const embed = async (path: string) => (await readFile(path)).toString("base64");
  const { certificate: certificatePath, key } = certificate(settings, identity);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "sandbox",
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: identity } }],
    clusters: [
      {
        name: "sandbox",
        cluster: {
          server: apiserverUrl(settings),
          "certificate-authority-data": await embed(certificate(settings, "ca").certificate),
        },
      },
    ],
    users: [
      {
        name: identity,
        user: { "client-certificate-data": await embed(certificatePath), "client-key-data": await embed(key) },
      },
    ],
  };
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
