import { join } from "node:path";
import { sandboxDirectory } from "../cli/common/paths.ts";
import { Problem } from "../cli/common/problem.ts";

/** The highest slot: each takes four /24 networks of 198.18.0.0/16, the range that RFC 2544 keeps for tests. */
const LAST_SLOT = 63;

/** Where S3 answers for pods, in every slot alike: `https://s3.upkeep-sandbox.svc.cluster.local:8333`. */
export const s3Service = { namespace: "upkeep-sandbox", name: "s3", port: 8333 };

/**
 * Names, addresses and ports of one sandbox. Two sandboxes on one machine differ in their slot alone.
 *
 * As root the whole sandbox lives in network, mount and process namespaces of its own, reached over a veth pair, and
 * every server has its usual port. Without root there is no node: the servers listen on loopback, on ports of the slot.
 */
export interface Settings {
  slot: number;
  /** Whether pods run: only as root. */
  node: boolean;
  /** Name of the veth's host end, of the cgroup that holds all pods, and of the node. */
  name: string;
  /** Everything of this sandbox that is a file. Removed by `make down`. */
  directory: string;
  /** The address that all servers listen on, as host and pods see it. */
  address: string;
  /** The veth's host end. */
  hostAddress: string;
  podNetwork: string;
  /** The bridge's own address, which is the pods' gateway. */
  podGateway: string;
  serviceNetwork: string;
  ports: Record<Port, number>;
}

/** Where kubectl keeps what it learned of the API, instead of the home folder. */
export function kubectlCache({ directory }: Settings): { KUBECACHEDIR: string } {
  return { KUBECACHEDIR: join(directory, "kubectl") };
}

const usualPorts = {
  etcd: 2379,
  etcdPeer: 2380,
  apiserver: 6443,
  s3: 8333,
  seaweedMaster: 9333,
  seaweedVolume: 8080,
  seaweedFiler: 8888,
  moto: 5000,
  dns: 53,
  etcdHealth: 2381,
  controllerManager: 10257,
  scheduler: 10259,
} as const;

export type Port = keyof typeof usualPorts;

/**
 * @param slot 0 to 63, from `make up SLOT=…`; undefined is 0
 * @throws Problem when the slot is not one
 */
export function settings(slot = process.env.SLOT, root = process.getuid?.() === 0): Settings {
  const number = slot === undefined || slot === "" ? 0 : Number(slot);
  if (!Number.isInteger(number) || number < 0 || number > LAST_SLOT) {
    throw new Problem(`SLOT is "${slot}"; allowed is a whole number from 0 to ${LAST_SLOT}. Try: make up SLOT=1`);
  }
  const network = (offset: number) => `198.18.${number * 4 + offset}`;
  const loopbackPort = 20000 + number * 100;
  const names = Object.keys(usualPorts) as Port[];
  return {
    slot: number,
    node: root,
    name: `upkeep${number}`,
    directory: sandboxDirectory,
    address: root ? `${network(0)}.2` : "127.0.0.1",
    hostAddress: root ? `${network(0)}.1` : "127.0.0.1",
    podNetwork: `${network(1)}.0/24`,
    podGateway: `${network(1)}.1`,
    serviceNetwork: `${network(2)}.0/24`,
    ports: root
      ? usualPorts
      : (Object.fromEntries(names.map((name, index) => [name, loopbackPort + index])) as Record<Port, number>),
  };
}
