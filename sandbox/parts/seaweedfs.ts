import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";
import { requestLoopback } from "./http.ts";
import type { Part } from "./part.ts";

/**
 * Who may use S3: `admin` everything, `backup-writer` add, list, hold and read manifests, `backup-restorer` list, read and add what
 * drills and restores add, `reader` list and read.
 */
export const s3Users = ["admin", "backup-writer", "backup-restorer", "reader"] as const;
export type S3User = (typeof s3Users)[number];

/** A user's key pair, as AWS's clients name its halves. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

interface Secrets {
  users: Record<S3User, AccessKey>;
  /** 64 hexadecimal digits: encrypts the keys of objects that are stored with SSE-S3. */
  keyEncryptionKey: string;
}

/**
 * What backup-writer may do. SeaweedFS' own coarse action `Write` includes deletes; its IAM policies were seen to
 * enforce: with this one a put, a list, a multipart upload, a legal hold and a get of a manifest pass, and get, head, copy of
 * data, delete, delete of several, and every change of a bucket's settings are denied. As on AWS, an object of the same name may be
 * put again, which in a bucket with versions adds one. Unlike on AWS it may also end a hold: the condition that allows
 * `s3:object-lock-legal-hold` ON alone always denies.
 */
const backupWriterPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      Resource: "arn:aws:s3:::*/*",
    },
    { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: "arn:aws:s3:::*/manifests/*" },
    { Effect: "Allow", Action: ["s3:PutObjectLegalHold"], Resource: "arn:aws:s3:::*/*" },
    {
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation"],
      Resource: "arn:aws:s3:::*",
    },
  ],
};

/** What backup-restorer may do: as domain/bucket/roles.ts says it of AWS, for every prefix. */
const backupRestorerPolicy = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: "arn:aws:s3:::*/*" },
    {
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
      Resource: "arn:aws:s3:::*",
    },
    {
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: ["golden", "drills", "before-restore"].map((folder) => `arn:aws:s3:::*/*${folder}/*`),
    },
  ],
};

/** Where S3 answers, as the host sees it. */
export function s3Url({ address, ports }: Settings): string {
  return `https://${address}:${ports.s3}`;
}

/** The key pair of one of S3's users. */
export async function s3AccessKey(settings: Settings, user: S3User): Promise<AccessKey> {
  return (await secrets(settings)).users[user];
}

/** SeaweedFS: its master, volume server and filer do not authenticate, and listen on loopback; S3 authenticates. */
export const seaweedfs: Part = {
  name: "seaweedfs",
  program: "weed",
  ports: ["s3", "seaweedMaster", "seaweedVolume", "seaweedFiler"],
  async prepare(settings) {
    const { directory, address, ports } = settings;
    const config = join(directory, "s3", "identities.json");
    await mkdir(join(directory, "s3", "data"), { recursive: true });
    await mkdir(join(directory, "logs", "seaweedfs"), { recursive: true });
    await writeFile(config, JSON.stringify(await identities(settings), null, 2), { mode: 0o600 });
    return [
      "-logtostderr=true",
      "server",
      `-dir=${join(directory, "s3", "data")}`,
      "-ip=127.0.0.1",
      "-ip.bind=127.0.0.1",
      `-master.port=${ports.seaweedMaster}`,
      `-master.port.grpc=${grpcPort(ports.seaweedMaster)}`,
      "-master.volumeSizeLimitMB=256",
      "-master.telemetry=false",
      // There is no other master to wait for.
      "-master.electionTimeout=1s",
      `-volume.port=${ports.seaweedVolume}`,
      `-volume.port.grpc=${grpcPort(ports.seaweedVolume)}`,
      "-volume.max=0",
      `-filer.port=${ports.seaweedFiler}`,
      `-filer.port.grpc=${grpcPort(ports.seaweedFiler)}`,
      "-s3",
      `-s3.ip.bind=${address}`,
      `-s3.port=${ports.s3}`,
      `-s3.port.grpc=${grpcPort(ports.s3)}`,
      // As on AWS, the buckets' policies refuse plain HTTP.
      `-s3.cert.file=${certificate(settings, "s3").certificate}`,
      `-s3.key.file=${certificate(settings, "s3").key}`,
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
      // As AWS: a bucket with objects is not deleted, and a mistyped name is no new bucket.
      "-s3.allowDeleteBucketNotEmpty=false",
      "-s3.autoCreateBucket=false",
      `-s3.config=${config}`,
    ];
  },
  async environment(settings) {
    return { WEED_S3_SSE_KEK: (await secrets(settings)).keyEncryptionKey };
  },
  async check(settings) {
    const client = await s3Client(settings, 1);
    try {
      await client.send(new ListBucketsCommand({}), { abortSignal: AbortSignal.timeout(5000) });
    } finally {
      client.destroy();
    }
    // S3 answers before the volume server has reported its objects to the master.
    const url = `http://127.0.0.1:${settings.ports.seaweedMaster}/dir/status`;
    const { Topology } = JSON.parse(await requestLoopback(settings, url)) as { Topology: { DataCenters?: object[] } };
    if (!Topology.DataCenters?.length) throw new Error("its volume server is not there yet");
  },
  async remove({ ports }) {
    const { s3, seaweedFiler, seaweedMaster, seaweedVolume } = ports;
    const sockets = [
      ...[`s3-${s3}`, `filer-${seaweedFiler}`],
      ...[`s3-grpc-${grpcPort(s3)}`, `filer-grpc-${grpcPort(seaweedFiler)}`],
      ...[`master-grpc-${grpcPort(seaweedMaster)}`, `volume-grpc-${grpcPort(seaweedVolume)}`],
    ];
    for (const socket of sockets) await rm(`/tmp/seaweedfs-${socket}.sock`, { force: true });
  },
};

/** The administrator's way to the sandbox's S3. The caller destroys it. */
export async function s3Client(settings: Settings, maxAttempts = 3): Promise<S3Client> {
  return new S3Client({
    endpoint: s3Url(settings),
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: await s3AccessKey(settings, "admin"),
    maxAttempts,
    requestHandler: { httpsAgent: new Agent({ ca: await readFile(certificate(settings, "ca").certificate) }) },
  });
}

/** Beside the port that it belongs to, within the slot's hundred; SeaweedFS' default, 10000 higher, may be in use. */
function grpcPort(port: number): number {
  return port + 50;
}

async function identities(settings: Settings) {
  const { users } = await secrets(settings);
  const identity = (name: S3User, rights: { actions: string[] } | { policyNames: string[] }) => {
    const { accessKeyId: accessKey, secretAccessKey: secretKey } = users[name];
    return { name, credentials: [{ accessKey, secretKey }], ...rights };
  };
  return {
    identities: [
      identity("admin", { actions: ["Admin"] }),
      identity("backup-writer", { policyNames: ["backup-writer"] }),
      identity("backup-restorer", { policyNames: ["backup-restorer"] }),
      identity("reader", { actions: ["Read", "List"] }),
    ],
    policies: Object.entries({
      "backup-writer": backupWriterPolicy,
      "backup-restorer": backupRestorerPolicy,
    }).map(([name, policy]) => ({ name, content: JSON.stringify(policy) })),
  };
}

/** Made once per sandbox. */
async function secrets(settings: Settings): Promise<Secrets> {
  const file = join(settings.directory, "s3", "secrets.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text);
  const accessKey = () => ({
    accessKeyId: `UPKEEP${randomBytes(7).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  });
  const made: Secrets = {
    users: {
      admin: accessKey(),
      "backup-writer": accessKey(),
      "backup-restorer": accessKey(),
      reader: accessKey(),
    },
    keyEncryptionKey: randomBytes(32).toString("hex"),
  };
  await mkdir(join(settings.directory, "s3"), { recursive: true });
  await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}
