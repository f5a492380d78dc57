import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfigFile } from "../../sandbox/parts/kubeconfig.ts";
import { entering, findInit, kubeletRoot } from "../../sandbox/parts/namespaces.ts";
import { runningProcess, signalled, startProcess } from "../../sandbox/processes.ts";
import { tool } from "../../sandbox/tools/index.ts";
import type { Sandbox } from "./sandbox.ts";

const driver = "hostpath.csi.k8s.io";
const socket = `${kubeletRoot}/plugins/hostpath/csi.sock`;

/** A driver that clones volumes. */
export interface CsiDriver {
  /** Where it keeps its volumes, a folder each. */
  volumes: string;
  /** Ends it, once the volumes are gone whose claims are. */
  stop(): Promise<void>;
}

/**
 * Runs the Kubernetes project's own CSI driver for tests, which copies a volume's files for a clone, with the provisioner that any driver
 * has beside it, on the sandbox's node.
 *
 * @param storageClass name of the class whose volumes it makes
 */
export async function startCsiDriver(sandbox: Sandbox, storageClass: string): Promise<CsiDriver> {
  const { settings } = sandbox;
  const volumes = join(settings.directory, "csi");
  await mkdir(volumes, { recursive: true });
  // The kubelet's folder, as this machine sees it.
  await mkdir(join(settings.directory, "kubelet/plugins/hostpath"), { recursive: true });
  const objects = [
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      metadata: { name: driver },
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        fsGroupPolicy: "None",
        volumeLifecycleModes: ["Persistent"],
      },
    },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storageClass },
      provisioner: driver,
      volumeBindingMode: "WaitForFirstConsumer",
    },
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const programs: [string, string[]][] = [
    [
      "hostpathplugin",
      [`--drivername=${driver}`, `--endpoint=unix://${socket}`, `--nodeid=${settings.name}`, `--statedir=${volumes}`],
    ],
    ["csi-registrar", [driver, socket, `${kubeletRoot}/plugins_registry`]],
    ["csi-provisioner", [`--csi-address=${socket}`, `--kubeconfig=${kubeconfigFile(settings)}`]],
  ];
  const made = ["get", "pv", `--output=jsonpath={.items[?(@.spec.storageClassName=="${storageClass}")].metadata.name}`];
  const stop = async () => {
    // Nobody else can remove the volumes whose claims are gone.
    while ((await sandbox.kubectl(...made)) !== "") await sleep(200);
    for (const [name] of programs) {
      const pid = await runningProcess(settings, name);
      if (pid) await signalled(pid, "SIGKILL", 5000);
    }
    await sandbox.run("kubectl", ["delete", "--ignore-not-found", "--filename=-"], list);
    await rm(volumes, { recursive: true });
  };
  const init = (await findInit(settings)) as number;
  await sandbox.run("kubectl", ["apply", "--server-side", "--filename=-"], list);
  const environment = { PATH: process.env.PATH ?? "", HOME: settings.directory };
  for (const [name, args] of programs) {
    await startProcess(settings, name, [await tool(name), ...args], environment, entering(init));
  }
  const known = ["get", "csinode", settings.name, "--ignore-not-found", "--output=jsonpath={.spec.drivers[*].name}"];
  while (!(await sandbox.kubectl(...known)).includes(driver)) await sleep(200);
  return { volumes, stop };
}
