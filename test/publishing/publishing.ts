import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { V1Container, V1CronJob, V1Job, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { s3Client } from "../../sandbox/parts/seaweedfs.ts";
import { bucket, namespace } from "../story/job.ts";
import { jobEnd } from "../support/jobs.ts";
import type { Sandbox } from "../support/sandbox.ts";

/** The backup whose Job the tests run: a dump of Redis takes no time. */
export const cronJob = "mplp-redis-backup";

/** What a test changes about the declared backup's pod. */
export interface Changes {
  /** Environment of the step that publishes. */
  publish?: Record<string, string>;
  /** Host of the Redis that is dumped. Default: the declared one. */
  redis?: string;
  /** How often a failed pod is retried. Default: as declared. */
  retries?: number;
}

/** How a Job ended. */
export interface Ended {
  /** `Complete`, or the reason for which it failed. */
  reason: string;
  /** How the publishing container of each pod ended, in the order in which the pods were started. */
  exitCodes: number[];
  /** What the publishing container of each printed. */
  logs: string[];
}

/** An object of the bucket, at one version. */
export interface Version {
  key: string;
  versionId: string;
}

/** Runs copies of a backup's Job that publish under a prefix of their own, and plants there what is to be found. */
export class Publishing {
  readonly prefix: string;
  private readonly sandbox: Sandbox;
  private readonly s3: S3Client;
  private jobs = 0;
  private planted = 0;

  private constructor(sandbox: Sandbox, s3: S3Client, prefix: string) {
    this.sandbox = sandbox;
    this.s3 = s3;
    this.prefix = prefix;
  }

  static async under(sandbox: Sandbox, name: string): Promise<Publishing> {
    return new Publishing(sandbox, await s3Client(sandbox.settings), `tests/${name}-${Date.now()}/`);
  }

  close(): void {
    this.s3.destroy();
  }

  /** Starts a Job from the CronJob's template. @returns its name */
  async start({ publish = {}, redis, retries }: Changes = {}): Promise<string> {
    this.jobs += 1;
    const name = `${this.prefix.split("/")[1]}-${this.jobs}`;
    const { spec } = JSON.parse(await this.kubectl("get", "cronjob", cronJob, "--output=json")) as V1CronJob;
    const job = structuredClone(spec?.jobTemplate) as V1Job & { spec: NonNullable<V1Job["spec"]> };
    if (retries !== undefined) job.spec.backoffLimit = retries;
    const { containers, initContainers = [] } = job.spec.template.spec as V1PodSpec;
    for (const container of containers) tell(container, { PREFIX: this.prefix, ...publish });
    if (redis) for (const container of initContainers) tell(container, { HOST: redis });
    const metadata = { name, labels: spec?.jobTemplate.metadata?.labels };
    const manifest = JSON.stringify({ ...job, apiVersion: "batch/v1", kind: "Job", metadata });
    await this.sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], manifest);
    return name;
  }

  /** Waits until a Job has ended, and removes it. */
  async end(name: string): Promise<Ended> {
    const { type, reason } = await jobEnd(this.sandbox, namespace, name);
    const pods = await this.pods(name);
    const logs = pods.map(({ metadata }) =>
      this.kubectl("logs", metadata?.name as string, "--container=publish").catch(() => ""),
    );
    const ended: Ended = {
      reason: type === "Complete" ? type : String(reason),
      exitCodes: pods.map(({ status }) => status?.containerStatuses?.[0]?.state?.terminated?.exitCode ?? -1),
      logs: await Promise.all(logs),
    };
    await this.kubectl("delete", "job", name);
    return ended;
  }

  async run(changes: Changes = {}): Promise<Ended> {
    return this.end(await this.start(changes));
  }

  async pods(job: string): Promise<V1Pod[]> {
    const list = await this.kubectl("get", "pods", `--selector=job-name=${job}`, "--output=json");
    const started = (pod: V1Pod) => String(pod.metadata?.creationTimestamp);
    return (JSON.parse(list).items as V1Pod[]).sort((a, b) => (started(a) < started(b) ? -1 : 1));
  }

  kubectl(...args: string[]): Promise<string> {
    return this.sandbox.kubectl("--namespace", namespace, ...args);
  }

  /** Puts an object under the prefix, as an administrator. */
  async plant(key: string, body: string): Promise<Version> {
    const Key = `${this.prefix}${key}`;
    const { VersionId } = await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body }));
    return { key: Key, versionId: VersionId as string };
  }

  /** Publishes a backup that never was. @param keys that it says to hold */
  async plantBackup(
    shelf: string,
    startedAt: Date,
    keys: number,
    bytes = 1,
  ): Promise<{ name: string; versions: Version[] }> {
    this.planted += 1;
    const name = `${stamp(startedAt)}-planted-${this.planted}`;
    const data = await this.plant(`data/${shelf}/${name}.rdb`, "x");
    const facts = { ...data, bytes, databases: [{ database: 0, keys }] };
    return { name, versions: [data, await this.plant(`manifests/${shelf}/${name}.json`, JSON.stringify(facts))] };
  }

  /** Hides an object behind a delete marker, as the lifecycle does. */
  async hide({ key }: Version): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  async isHeld({ key, versionId }: Version): Promise<boolean> {
    const at = { Bucket: bucket, Key: key, VersionId: versionId };
    const hold = await this.s3.send(new GetObjectLegalHoldCommand(at)).catch((error: Error) => {
      if (error.name === "NoSuchObjectLegalHold") return undefined;
      throw error;
    });
    return hold?.LegalHold?.Status === "ON";
  }

  /** Keys of every version under the prefix, without it. @param folder such as `manifests/` */
  async versions(folder = ""): Promise<string[]> {
    const at = { Bucket: bucket, Prefix: `${this.prefix}${folder}` };
    const { Versions = [] } = await this.s3.send(new ListObjectVersionsCommand(at));
    return Versions.map(({ Key }) => (Key as string).slice(this.prefix.length));
  }

  /** Keys of manifests and data that a run made, and no test planted. */
  async published(folder: string): Promise<string[]> {
    return (await this.versions(folder)).filter((key) => !key.includes("-planted"));
  }

  /** @param key without the prefix */
  async read(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${this.prefix}${key}` }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }
}

/** How a name says when its run started. */
export function stamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function tell(container: V1Container, variables: Record<string, string>): void {
  const others = (container.env ?? []).filter(({ name }) => !(name in variables));
  container.env = [...others, ...Object.entries(variables).map(([name, value]) => ({ name, value }))];
}
