import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";
import { createCgroups } from "./cgroups.ts";
import { containerdSocket } from "./containerd.ts";
import { request } from "./http.ts";
import { partKubeconfig } from "./kubeconfig.ts";
import { kubectl } from "./kubectl.ts";
import { kubeletRoot } from "./namespaces.ts";
import type { Part } from "./part.ts";

const HEALTH_PORT = 10248;

export const kubelet: Part = {
  name: "kubelet",
  program: "kubelet",
  after: ["apiserver", "containerd"],
  node: true,
  ports: [],
  async prepare(settings) {
    await createCgroups(settings);
    const folder = join(settings.directory, "kubelet-config");
    await mkdir(folder, { recursive: true });
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify(configuration(settings), null, 2));
    return [
      `--config=${config}`,
      `--kubeconfig=${partKubeconfig(settings, "kubelet")}`,
      `--hostname-override=${settings.name}`,
      `--node-ip=${settings.address}`,
      `--root-dir=${kubeletRoot}`,
    ];
  },
  async check(settings) {
    await request(settings, `http://${settings.address}:${HEALTH_PORT}/healthz`);
    const ready = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    const status = await kubectl(settings, ["get", "node", settings.name, "-o", ready]);
    if (status !== "True") throw new Error(`node ${settings.name} is not Ready`);
  },
};

function configuration(settings: Settings) {
  const { certificate: tlsCertFile, key: tlsPrivateKeyFile } = certificate(settings, "kubelet");
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: settings.address,
    healthzBindAddress: settings.address,
    healthzPort: HEALTH_PORT,
    tlsCertFile,
    tlsPrivateKeyFile,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate(settings, "ca").certificate },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${settings.name}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    oomScoreAdj: 0,
    clusterDNS: [settings.address],
    clusterDomain: "cluster.local",
    // Pods know the cluster's names only: there is no way out.
    resolvConf: "",
    podLogsDir: join(settings.directory, "logs", "pods"),
    // Images are made here and cannot be pulled again, so none is ever removed; a nearly full disk is no reason to evict.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { "memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    nodeStatusUpdateFrequency: "4s",
    syncFrequency: "10s",
    fileCheckFrequency: "0s",
    serializeImagePulls: false,
    enableProfilingHandler: false,
  };
}
