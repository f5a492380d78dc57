import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { imageNames } from "../../sandbox/images/names.ts";
import { s3Client } from "../../sandbox/parts/seaweedfs.ts";
import { bucket, type Manifest, namespace } from "../story/job.ts";
import { withPod } from "../story/pod.ts";
import { redisDigest } from "../support/redisDigest.ts";
import type { Sandbox } from "../support/sandbox.ts";

export type Kind = "postgres" | "redis" | "configuration";

/** The CronJob whose template makes a backup of each kind, and where it publishes as declared. */
export const backups: Record<Kind, { cronJob: string; prefix: string }> = {
  postgres: { cronJob: "mplp-backup", prefix: "database/" },
  redis: { cronJob: "mplp-redis-backup", prefix: "redis/" },
  configuration: { cronJob: "mplp-config-backup", prefix: "configs/" },
};

const recovery = "mplp-recovery";
const restorers = { postgres: "faults-postgres", redis: "faults-redis" } as const;

/** A database of the throwaway PostgreSQL server with one small table. */
export const SHRUNK = "shrunk";

/** A database there whose one row is 64 MiB long. */
export const WIDE = "wide";

/** A manifest and its key. */
export type Published = Manifest & { shelf: string; name: string };

/** What all rows share: S3, throwaway servers that backups are restored into, and what the live servers hold. */
export interface Stage {
  sandbox: Sandbox;
  s3: S3Client;
  /** Begins the prefix of every row, so that a run finds nothing of an earlier one. */
  prefix: string;
  /** Address of the throwaway PostgreSQL server, which lets everyone in as `postgres`. */
  postgres: string;
  /** The backup of each kind that a control run published before any fault. */
  controls: Partial<Record<Kind, Published>>;
  /** What the live servers hold, in the form that {@link restored} gives. */
  live: Record<"postgres" | "redis", string>;
}

/** Sets the stage while `use` runs. */
export async function withStage<T>(sandbox: Sandbox, use: (stage: Stage) => Promise<T>): Promise<T> {
  const s3 = await s3Client(sandbox.settings);
  const postgres = {
    namespace: recovery,
    name: restorers.postgres,
    image: imageNames.postgres(17),
    user: 999,
    command: [
      "bash",
      "-ec",
      "initdb --no-sync -D /scratch/data -U postgres --auth=trust -E UTF8 && echo 'host all all all trust' >>/scratch/data/pg_hba.conf && " +
        "exec postgres -D /scratch/data -k /tmp -c fsync=off -c listen_addresses='*'",
    ],
    ready: { exec: { command: ["pg_isready", "-h", "/tmp", "-q"] } },
  };
  const redis = {
    namespace: recovery,
    name: restorers.redis,
    image: imageNames.redis,
    user: 999,
    command: ["sleep", "3600"],
    ready: { exec: { command: ["true"] } },
  };
  try {
    return await withPod(sandbox, postgres, (address) =>
      withPod(sandbox, redis, async () => {
        const shrunk = `createdb -h /tmp -U postgres ${SHRUNK} && psql -h /tmp -U postgres -q -d ${SHRUNK} -c 'CREATE TABLE one AS SELECT 1'`;
        const wide = `createdb -h /tmp -U postgres ${WIDE} && psql -h /tmp -U postgres -q -d ${WIDE} -c "CREATE TABLE one AS SELECT repeat('wide', 16 << 20)"`;
        await inside(sandbox, recovery, restorers.postgres, `${shrunk} && ${wide}`);
        return use({
          sandbox,
          s3,
          prefix: `faults/${Date.now()}/`,
          postgres: address,
          controls: {},
          live: { postgres: await live(sandbox, "postgres"), redis: await live(sandbox, "redis") },
        });
      }),
    );
  } finally {
    s3.destroy();
  }
}

/** Every manifest under a prefix, the oldest first. */
export async function publishedUnder({ s3 }: Stage, prefix: string): Promise<Published[]> {
  const keys = (await keysUnder(s3, `${prefix}manifests/`)).map((key) => {
    const [shelf = "", file = ""] = key.slice(`${prefix}manifests/`.length).split("/");
    return { key, shelf, name: file.replace(/\.json$/, "") };
  });
  keys.sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(
    keys.map(async ({ key, shelf, name }) => ({ ...manifestOf((await get(s3, key)).toString()), shelf, name })),
  );
}

/** An invalid manifest is the fault of the row that planted it. */
function manifestOf(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return {} as Manifest;
  }
}

/** Keys of data under a prefix, with or without a manifest. */
export async function dataUnder({ s3 }: Stage, prefix: string): Promise<string[]> {
  return keysUnder(s3, `${prefix}data/`);
}

/** Puts the control's backup under a row's prefix: the earlier backup that must outlive the fault. */
export async function plant({ s3, controls }: Stage, kind: Kind, prefix: string): Promise<Published> {
  const control = controls[kind];
  if (!control) throw new Error(`no control run of ${kind} was published`);
  const { shelf, name, ...manifest } = control;
  const key = `${prefix}data/${shelf}/${control.key.split("/").at(-1)}`;
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: await get(s3, control.key, control.versionId) }),
  );
  const planted = { ...manifest, key, versionId: VersionId as string };
  const Body = JSON.stringify(planted);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}manifests/${shelf}/${name}.json`, Body }));
  return { ...planted, shelf, name };
}

/**
 * Puts what looks like the newest backup under a prefix and is broken in one way.
 *
 * @param begun when it claims to have begun
 * @param broken changes the earlier backup's manifest, or gives a text in its place
 * @returns its name
 */
export async function plantBroken(
  stage: Stage,
  prefix: string,
  begun: Date,
  broken: (
    earlier: Published,
    copy: (change: (data: Buffer) => Buffer) => Promise<{ key: string; versionId: string }>,
  ) => Promise<object | string>,
): Promise<string> {
  const { s3 } = stage;
  const earlier = (await publishedUnder(stage, prefix)).at(-1) as Published;
  const startedAt = begun.toISOString().replace(/\.\d+Z$/, "Z");
  const name = `${startedAt.replaceAll(/[-:]/g, "")}-planted`;
  const key = `${prefix}data/daily/${name}.${earlier.key.split(".").at(-1)}`;
  const made = await broken({ ...earlier, startedAt } as Published, async (change) => {
    const Body = change(await get(s3, earlier.key, earlier.versionId));
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    return { key, versionId: VersionId as string };
  });
  const Body = typeof made === "string" ? made : JSON.stringify(made);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}manifests/daily/${name}.json`, Body }));
  return name;
}

/**
 * Fetches a backup as its manifest says, and restores it into a server of its own.
 *
 * @returns its contents: every table, key or object with a digest
 * @throws Error when its data is not what the manifest says
 */
export async function restored(
  { sandbox, s3 }: Stage,
  kind: Kind,
  { key, versionId, bytes, sha256, name }: Published,
): Promise<string> {
  const data = await get(s3, key, versionId);
  const found = createHash("sha256").update(data).digest("hex");
  if (data.length !== bytes || found !== sha256) {
    throw new Error(`${key} has ${data.length} bytes and SHA-256 ${found}; its manifest says ${bytes} and ${sha256}`);
  }
  if (kind === "configuration") return sha256;
  const id = `${name}-${Math.random().toString(36).slice(2)}`;
  return inside(sandbox, recovery, restorers[kind], restore[kind](id), data.toString("base64"));
}

/** What a live server holds, in the form that {@link restored} gives. */
export function live(sandbox: Sandbox, kind: "postgres" | "redis"): Promise<string> {
  return kind === "postgres"
    ? inside(sandbox, namespace, "postgresql-0", `psql=(psql -d mplp_production)\n${postgresContents}`)
    : inside(sandbox, namespace, "redis-0", `cli=(redis-cli)\n${redisContents}`);
}

/** What the newest good backup must hold. */
export function expected({ live, controls }: Stage, kind: Kind): string {
  return kind === "configuration" ? (controls.configuration?.sha256 as string) : live[kind];
}

const postgresContents = `
"\${psql[@]}" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 <<'SQL'
SELECT format($$SELECT '%1$I.%2$I', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM %1$I.%2$I t$$, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 \\gexec
SELECT 'large objects', count(*), md5(coalesce(string_agg(lo_get(oid)::text, '|' ORDER BY oid), '')) FROM pg_largeobject_metadata;
SQL`;

const redisContents = `
for database in $("\${cli[@]}" INFO keyspace | sed -n 's/^db\\([0-9]*\\):.*/\\1/p'); do
  echo "$database $("\${cli[@]}" -n "$database" EVAL '${redisDigest}' 0)"
done`;

/** Programs that restore a backup from their input in base64, and print its contents. */
const restore = {
  postgres: (id: string) => `
base64 --decode >/scratch/${id}
createdb -h /tmp -U postgres ${id}
pg_restore -h /tmp -U postgres --exit-on-error --no-owner --no-acl --dbname=${id} /scratch/${id}
psql=(psql -h /tmp -U postgres -d ${id})
${postgresContents}
dropdb -h /tmp -U postgres ${id}
rm /scratch/${id}`,
  redis: (id: string) => `
mkdir /scratch/${id}
base64 --decode >/scratch/${id}/dump.rdb
redis-server --dir /scratch/${id} --dbfilename dump.rdb --appendonly no --save '' --port 0 --unixsocket /tmp/${id} --daemonize yes >/dev/null
cli=(redis-cli -s /tmp/${id})
until [ "$("\${cli[@]}" PING)" = PONG ]; do sleep 0.1; done
${redisContents}
"\${cli[@]}" SHUTDOWN NOSAVE
rm -r /scratch/${id}`,
};

/** Runs a bash program in a pod. */
export function inside(sandbox: Sandbox, space: string, pod: string, program: string, input = ""): Promise<string> {
  const args = ["--namespace", space, "exec", "--stdin", pod, "--", "bash", "-euo", "pipefail", "-c", program];
  return sandbox.run("kubectl", args, input);
}

async function keysUnder(s3: S3Client, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  }
  return keys;
}

async function get(s3: S3Client, key: string, versionId?: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
