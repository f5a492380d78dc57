import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "./http.ts";
import { partKubeconfig } from "./kubeconfig.ts";
import type { Part } from "./part.ts";

const PROXY_HEALTH_PORT = 10256;
const DNS_READY_PORT = 8181;

export const kubeProxy: Part = {
  name: "kube-proxy",
  program: "kube-proxy",
  programsOnPath: ["nft"],
  after: ["apiserver"],
  node: true,
  ports: [],
  async prepare(settings) {
    const config = join(settings.directory, "kube-proxy", "config.json");
    await mkdir(join(settings.directory, "kube-proxy"), { recursive: true });
    const configuration = {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      mode: "nftables",
      bindAddress: settings.address,
      healthzBindAddress: `${settings.address}:${PROXY_HEALTH_PORT}`,
      metricsBindAddress: "127.0.0.1:10249",
      hostnameOverride: settings.name,
      clientConnection: { kubeconfig: partKubeconfig(settings, "kube-proxy") },
      // An answer from pod to pod would go over the bridge, past the translation of the Service's address, unless the
      // machine has br_netfilter. With the gateway as source it comes back the way it went.
      nftables: { masqueradeAll: true, minSyncPeriod: "100ms" },
      // The machine's own limits stay as they are.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
      oomScoreAdj: 0,
    };
    await writeFile(config, JSON.stringify(configuration, null, 2));
    return [`--config=${config}`];
  },
  async check(settings) {
    await request(settings, `http://${settings.address}:${PROXY_HEALTH_PORT}/healthz`);
  },
};

export const coredns: Part = {
  name: "coredns",
  program: "coredns",
  after: ["cluster objects"],
  node: true,
  ports: [],
  async prepare(settings) {
    const config = join(settings.directory, "coredns", "Corefile");
    await mkdir(join(settings.directory, "coredns"), { recursive: true });
    await writeFile(
      config,
      `.:${settings.ports.dns} {
    errors
    ready ${settings.address}:${DNS_READY_PORT}
    kubernetes cluster.local in-addr.arpa {
        kubeconfig "${partKubeconfig(settings, "coredns")}" sandbox
    }
}
`,
    );
    return ["-conf", config];
  },
  async check(settings) {
    await request(settings, `http://${settings.address}:${DNS_READY_PORT}/ready`);
  },
};
