import { readFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clone } from "../../../cli/common/paths.ts";
import { certificate } from "../../../sandbox/certificates.ts";
import { kubectl } from "../../../sandbox/parts/kubectl.ts";
import { type S3User, s3AccessKey, s3Url } from "../../../sandbox/parts/seaweedfs.ts";
import { runningProcess, signalled } from "../../../sandbox/processes.ts";
import { type Settings, settings } from "../../../sandbox/settings.ts";
import { sandboxStatus } from "../../../sandbox/status.ts";

/** A sandbox of the test's own, beside whatever else runs on the machine. */
export function sandboxOf(slot: number, node: boolean): Settings {
  return { ...settings(`${slot}`, node), directory: join(clone, `.sandbox-test-${slot}`) };
}

/** Each part's process id; a text for parts that do not run, or run but do not serve. */
export async function parts(settings: Settings): Promise<Record<string, number | string>> {
  const all = await sandboxStatus(settings);
  return Object.fromEntries(all.map(({ name, pid, problem }) => [name, problem ?? pid ?? "does not run"]));
}

export async function kill(settings: Settings, ...names: string[]): Promise<void> {
  for (const name of names) await signalled((await runningProcess(settings, name)) as number, "SIGKILL", 10_000);
}

/** Asks again until the answer is one that will do. @throws the last answer's unfitness after `seconds` */
export async function eventually<T>(seconds: number, ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`after ${seconds} s still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function s3(settings: Settings, user: S3User): Promise<S3Client> {
  return new S3Client({
    endpoint: s3Url(settings),
    region: "eu-central-1",
    credentials: await s3AccessKey(settings, user),
    requestHandler: { httpsAgent: new Agent({ ca: await readFile(certificate(settings, "ca").certificate) }) },
  });
}

/** Puts something on every disk of the sandbox. */
export async function leaveTraces(settings: Settings): Promise<void> {
  const admin = await s3(settings, "admin");
  await admin.send(new CreateBucketCommand({ Bucket: "traces" }));
  await admin.send(new PutObjectCommand({ Bucket: "traces", Key: "trace", Body: "kept" }));
  await kubectl(settings, ["create", "configmap", "trace", "--from-literal=trace=kept"]);
}

export async function traces(settings: Settings): Promise<(string | undefined)[]> {
  const object = await (await s3(settings, "admin")).send(new GetObjectCommand({ Bucket: "traces", Key: "trace" }));
  const inCluster = await kubectl(settings, ["get", "configmap", "trace", "-o", "jsonpath={.data.trace}"]);
  return [inCluster, await object.Body?.transformToString()];
}
