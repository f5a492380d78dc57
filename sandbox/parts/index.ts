import type { Settings } from "../settings.ts";
import { coredns, kubeProxy } from "./cluster-network.ts";
import { containerd } from "./containerd.ts";
import { apiserver, controllerManager, etcd, scheduler } from "./control-plane.ts";
import { kubelet } from "./kubelet.ts";
import { moto } from "./moto.ts";
import type { Part } from "./part.ts";
import { seaweedfs } from "./seaweedfs.ts";

const all: readonly Part[] = [
  etcd,
  apiserver,
  controllerManager,
  scheduler,
  containerd,
  kubelet,
  kubeProxy,
  coredns,
  seaweedfs,
  moto,
];

/** The servers of this sandbox. */
export function partsOf(settings: Settings): Part[] {
  return all.filter((part) => settings.node || !part.node);
}
