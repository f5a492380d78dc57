import { join } from "node:path";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";
import { request } from "./http.ts";
import { apiserverUrl, partKubeconfig } from "./kubeconfig.ts";
import type { Part } from "./part.ts";

/** Etcd does not authenticate clients, so it listens on loopback; only its health is visible from the host. */
export const etcd: Part = {
  name: "etcd",
  program: "etcd",
  ports: ["etcd", "etcdPeer", "etcdHealth"],
  async prepare({ directory, address, ports }) {
    const client = `http://127.0.0.1:${ports.etcd}`;
    const peer = `http://127.0.0.1:${ports.etcdPeer}`;
    return [
      "--name=sandbox",
      `--data-dir=${join(directory, "etcd", "data")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=sandbox=${peer}`,
      `--listen-metrics-urls=http://${address}:${ports.etcdHealth}`,
      // Nothing here must survive a power cut.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ];
  },
  async check(settings) {
    await request(settings, `http://${settings.address}:${settings.ports.etcdHealth}/health`);
  },
};

export const apiserver: Part = {
  name: "apiserver",
  program: "kube-apiserver",
  after: ["etcd"],
  ports: ["apiserver"],
  async prepare(settings) {
    const { address, ports, serviceNetwork, node } = settings;
    const serving = certificate(settings, "apiserver");
    const toKubelet = certificate(settings, "apiserver-to-kubelet");
    const authority = certificate(settings, "ca").certificate;
    const serviceAccounts = certificate(settings, "service-accounts").key;
    return [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      `--secure-port=${ports.apiserver}`,
      // Without pods the Service "kubernetes" is not needed, and loopback may not be its endpoint.
      `--endpoint-reconciler-type=${node ? "lease" : "none"}`,
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${authority}`,
      `--kubelet-client-certificate=${toKubelet.certificate}`,
      `--kubelet-client-key=${toKubelet.key}`,
      `--kubelet-certificate-authority=${authority}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${serviceAccounts}`,
      `--service-account-signing-key-file=${serviceAccounts}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      `--service-cluster-ip-range=${serviceNetwork}`,
      "--profiling=false",
    ];
  },
  // It reads every kind's schema when it starts: more memory saves a fifth of that work.
  async environment() {
    return { GOGC: "400", GOMEMLIMIT: "1GiB" };
  },
  async check(settings) {
    await request(settings, `${apiserverUrl(settings)}/readyz`);
  },
};

export const controllerManager: Part = {
  name: "controller-manager",
  program: "kube-controller-manager",
  after: ["apiserver"],
  ports: ["controllerManager"],
  async prepare(settings) {
    return [
      ...serving(settings, "controller-manager", settings.ports.controllerManager),
      `--service-account-private-key-file=${certificate(settings, "service-accounts").key}`,
      `--root-ca-file=${certificate(settings, "ca").certificate}`,
      "--use-service-account-credentials",
    ];
  },
  async check(settings) {
    await request(settings, `https://${settings.address}:${settings.ports.controllerManager}/healthz`);
  },
};

export const scheduler: Part = {
  name: "scheduler",
  program: "kube-scheduler",
  after: ["apiserver"],
  ports: ["scheduler"],
  async prepare(settings) {
    return serving(settings, "scheduler", settings.ports.scheduler);
  },
  async check(settings) {
    await request(settings, `https://${settings.address}:${settings.ports.scheduler}/healthz`);
  },
};

function serving(settings: Settings, identity: string, port: number): string[] {
  const { certificate: certificatePath, key } = certificate(settings, identity);
  return [
    `--kubeconfig=${partKubeconfig(settings, identity)}`,
    `--bind-address=${settings.address}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${certificatePath}`,
    `--tls-private-key-file=${key}`,
    // There is one of each.
    "--leader-elect=false",
    "--profiling=false",
  ];
}
