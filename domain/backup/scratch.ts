import type { Datastore } from "../declaration/datastore.ts";
import type { Backup } from "../declaration/service.ts";
import { type Container, ofContainers, type PodSpec, type PodVolume } from "../kubernetes/podSpec.ts";
import { runCheck } from "../values/attempt.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { bytes, type Size, sizeOf } from "../values/size.ts";
import { kindOf } from "./datastores/kinds.ts";

/** Space under /tmp that the steps of a job share. */
export const TMP: Size = "64Mi";
/** What a container may write outside its volumes: its log. */
export const LOG: Size = "256Mi";

/**
 * The most that a run may write on its node's own disk. A node with a full disk evicts other pods too, and few nodes have more to
 * spare than this.
 */
export const MOST_ON_NODE: Size = "100Gi";

/** Faults of a backup whose runs, drills or restores would lack the scratch space that they need. */
export function scratchFaults(datastore: Datastore, { scratchClass, drill }: Backup, path: string): Fault[] {
  const { scratch: scratchOf, instead = 'unprotected: "<what protects it>"' } = kindOf(datastore);
  const scratch = scratchOf(datastore);
  if (scratch === undefined) return scratchClass === undefined ? [] : [unusedClass(datastore, scratchClass, path)];
  if (scratchClass !== undefined) return [];
  const jobs = Object.entries(scratch).filter(
    ([job, size]) => (job !== "drill" || drill !== undefined) && bytes(size) > bytes(MOST_ON_NODE),
  );
  if (jobs.length === 0) return [];
  const needs = jobs.map(([job, size]) => `its ${job} needs ${inGi(size)}`).join(", ");
  return [
    {
      code: "scratch-too-large-for-node",
      path: `${path}.scratchClass`,
      got: undefined,
      allowed: `a StorageClass: for "${datastore.name}" ${needs}, and a run may write at most ${MOST_ON_NODE} on its node's own disk`,
      fix: `name a StorageClass of which each run, drill and restore gets a volume of its own, or declare ${instead} (docs/throughput.md)`,
    },
  ];
}

/** A size as people read it. */
function inGi(size: Size): string {
  return `${Math.ceil(bytes(size) / bytes("1Gi"))}Gi`;
}

/** A volume of its own needs a group that the kubelet sets on it, which a backup of files must not have. */
function unusedClass({ name, kind }: Datastore, scratchClass: string, path: string): Fault {
  return {
    code: "scratch-class-without-use",
    path: `${path}.scratchClass`,
    got: `"${scratchClass}"`,
    allowed: `none: "${name}" is a ${kind}, whose runs need little scratch space at any size`,
    fix: "remove it",
  };
}

/** Annotation of a backup's CronJob: the space that its runs need under /scratch, such as `20Gi`. */
export const SCRATCH = "upkeep/scratch";

/**
 * Faults by which a backup's pod, as it will be deployed, lacks the space that its annotation states: the volume's size, and the limit
 * above which the kubelet evicts a pod that writes to the node's own disk.
 */
export function podScratchFaults(pod: PodSpec, needed: string): Fault[] {
  const at = "spec.jobTemplate.spec.template.spec";
  const { volumes = [] } = pod;
  const space = spaceOf(volumes.find(({ name }) => name === "scratch"));
  const faults: Fault[] = [];
  if (space === undefined || !readable(() => bytes(space)) || bytes(space) < bytes(needed)) {
    const fix = "set both from the datastore's declared size";
    faults.push({
      code: "scratch-volume-too-small",
      path: `${at}.volumes[name=scratch]`,
      got: redacted(space),
      allowed: `${needed} or more`,
      fix,
    });
  }
  const onNode = volumes.map(nodeRoomOf).filter((size) => size !== undefined && readable(() => bytes(size)));
  const most = onNode.reduce((sum, size) => sum + bytes(size as string), bytes(LOG));
  return [...faults, ...ofContainers(pod, at, runCheck, (container, path) => limitFaults(container, path, most))];
}

function limitFaults({ resources }: Container, at: string, most: number): Fault[] {
  const limit = resources?.limits?.["ephemeral-storage"];
  if (limit !== undefined && readable(() => bytes(limit)) && bytes(limit) >= most) return [];
  return [
    {
      code: "ephemeral-limit-too-low",
      path: `${at}.resources.limits.ephemeral-storage`,
      got: redacted(limit),
      allowed: `${sizeOf(most)} or more: the pod's volumes on its node's disk, and ${LOG} for its log`,
      fix: "set it: below that the kubelet evicts a run that needs only what was declared",
    },
  ];
}

function spaceOf(volume: PodVolume | undefined): string | undefined {
  return volume?.ephemeral?.volumeClaimTemplate?.spec?.resources?.requests?.storage ?? nodeRoomOf(volume);
}

function nodeRoomOf(volume: PodVolume | undefined): string | undefined {
  return volume?.emptyDir?.sizeLimit;
}
