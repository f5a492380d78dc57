import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "../../cli/common/problem.ts";
import { debianCost, debianProgram, debianTools } from "./debian-program.ts";
import { type Cost, type GoModule, goPrograms } from "./go.ts";
import { kubernetesProvider } from "./kubernetesProvider.ts";
import { link, toolFolder } from "./link.ts";
import { npmCost, npmProgram, npmTools } from "./npm.ts";
import { pulumi, pulumiCost } from "./pulumi.ts";
import { pythonCost, pythonPrograms, pythonTools } from "./python.ts";
import { runcModule } from "./runc.ts";

/** The folders of `sandbox/tools/`, each a Go module of its own: in a shared one versions would rise until something breaks. */
const goModules: Record<string, GoModule> = {
  kubernetes: {
    module: "k8s.io/kubernetes",
    programs: {
      "kube-apiserver": "cmd/kube-apiserver",
      "kube-controller-manager": "cmd/kube-controller-manager",
      "kube-scheduler": "cmd/kube-scheduler",
      "kube-proxy": "cmd/kube-proxy",
      kubelet: "cmd/kubelet",
      kubectl: "cmd/kubectl",
    },
    stamps: kubernetesVersion,
    seconds: 7 * 60,
    gigabytes: 5,
  },
  etcd: { module: "go.etcd.io/etcd/server/v3", programs: { etcd: "" }, seconds: 40, gigabytes: 1 },
  containerd: {
    module: "github.com/containerd/containerd/v2",
    programs: {
      containerd: "cmd/containerd",
      ctr: "cmd/ctr",
      "containerd-shim-runc-v2": "cmd/containerd-shim-runc-v2",
    },
    tags: "no_btrfs,no_devmapper,no_zfs",
    seconds: 2 * 60,
    gigabytes: 2,
  },
  runc: runcModule,
  cni: {
    module: "github.com/containernetworking/plugins/plugins",
    programs: { bridge: "main/bridge", loopback: "main/loopback", "host-local": "ipam/host-local" },
    seconds: 10,
    gigabytes: 0.5,
  },
  coredns: { programs: { coredns: "" }, seconds: 80, gigabytes: 1 },
  pause: { programs: { pause: "" }, seconds: 5, gigabytes: 0.2 },
  prometheus: {
    module: "github.com/prometheus/prometheus",
    programs: { promtool: "cmd/promtool", prometheus: "cmd/prometheus" },
    tags: "netgo,remove_all_sd,enable_kubernetes_sd",
    seconds: 3 * 60,
    gigabytes: 3,
  },
  alertmanager: {
    module: "github.com/prometheus/alertmanager",
    programs: { alertmanager: "cmd/alertmanager", amtool: "cmd/amtool" },
    stamps: (version) => ({ "github.com/prometheus/common/version.Version": version.slice(1) }),
    seconds: 60,
    gigabytes: 1,
  },
  "kube-state-metrics": {
    module: "k8s.io/kube-state-metrics/v2",
    programs: { "kube-state-metrics": "" },
    stamps: (version) => ({ "github.com/prometheus/common/version.Version": version.slice(1) }),
    seconds: 2 * 60,
    gigabytes: 2,
  },
  "postgres-exporter": {
    module: "github.com/prometheus-community/postgres_exporter",
    programs: { postgres_exporter: "cmd/postgres_exporter" },
    seconds: 20,
    gigabytes: 0.5,
  },
  "csi-hostpath": {
    module: "github.com/kubernetes-csi/csi-driver-host-path",
    programs: { hostpathplugin: "cmd/hostpathplugin" },
    // A driver without a version counts as one that is not ready.
    stamps: (version) => ({ "main.version": version }),
    seconds: 30,
    gigabytes: 0.5,
  },
  "csi-provisioner": {
    module: "github.com/kubernetes-csi/external-provisioner/v5",
    programs: { "csi-provisioner": "cmd/csi-provisioner" },
    seconds: 3 * 60,
    gigabytes: 2,
  },
  "csi-registrar": { programs: { "csi-registrar": "" }, seconds: 20, gigabytes: 0.5 },
  actionlint: {
    module: "github.com/rhysd/actionlint",
    programs: { actionlint: "cmd/actionlint" },
    seconds: 10,
    gigabytes: 0.5,
  },
  "pulumi-resource-kubernetes": kubernetesProvider,
};

const goModuleOf = new Map(
  Object.entries(goModules).flatMap(([module, { programs }]) => Object.keys(programs).map((name) => [name, module])),
);

/** Every tool that {@link tool} knows. */
export const toolNames: readonly string[] = [
  ...goModuleOf.keys(),
  ...pythonTools,
  ...Object.keys(debianTools),
  ...Object.keys(npmTools),
  "pulumi",
].sort();

/**
 * A tool's program, built or fetched when it is not there yet, and linked into `.cache/bin`.
 *
 * @returns its absolute path
 * @throws Problem when it cannot be had, with what is needed for it
 */
export async function tool(name: string): Promise<string> {
  const program = await locate(name);
  await link(name, program);
  return program;
}

/**
 * @returns a value for PATH on which the named tools come first
 * @throws Problem as {@link tool}
 */
export async function toolsOnPath(names: readonly string[]): Promise<string> {
  await Promise.all(names.map(tool));
  return [toolFolder, process.env.PATH].join(delimiter);
}

/**
 * What the named tools take that were never built or fetched in this clone. Programs of one module are built together.
 */
export function costOf(names: readonly string[]): Cost {
  const missing = names.filter((name) => !existsSync(join(toolFolder, name)));
  const costs = [...new Set(missing.map(singleCost))];
  return {
    seconds: costs.reduce((sum, { seconds }) => sum + seconds, 0),
    gigabytes: costs.reduce((sum, { gigabytes }) => sum + gigabytes, 0),
  };
}

function singleCost(name: string): Cost {
  if (name === "pulumi") return pulumiCost;
  if (pythonTools.includes(name)) return pythonCost;
  if (npmTools[name]) return npmCost;
  return goModules[goModuleOf.get(name) ?? ""] ?? debianCost;
}

async function locate(name: string): Promise<string> {
  const moduleName = goModuleOf.get(name);
  const module = goModules[moduleName ?? ""];
  if (moduleName && module) return join(await goPrograms(moduleName, module), name);
  if (pythonTools.includes(name)) return join(await pythonPrograms(), name);
  const debian = debianTools[name];
  if (debian) return debianProgram(name, debian);
  const npm = npmTools[name];
  if (npm) return npmProgram(name, npm);
  if (name === "pulumi") return pulumi();
  throw new Problem(`"${name}" is not a tool of the sandbox; allowed are ${toolNames.join(", ")}`);
}

/** Where Kubernetes programs look for their version; kubectl has a copy of its own. */
function kubernetesVersion(version: string): Record<string, string> {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const stamps: Record<string, string> = {};
  for (const place of ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]) {
    stamps[`${place}.gitVersion`] = version;
    stamps[`${place}.gitMajor`] = major;
    stamps[`${place}.gitMinor`] = minor;
  }
  return stamps;
}
