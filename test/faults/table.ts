import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { V1PodSpec } from "@kubernetes/client-node";
import { configurationKinds } from "../../domain/declaration/configurationKinds.ts";
import { imageNames } from "../../sandbox/images/names.ts";
import { s3AccessKey } from "../../sandbox/parts/seaweedfs.ts";
import { s3Service } from "../../sandbox/settings.ts";
import { namespace } from "../story/job.ts";
import { type Throwaway, withPod } from "../story/pod.ts";
import { type Met, type Row, type Scene, set } from "./judge.ts";
import { type Harm, type TcpProxy, withProxy } from "./proxy.ts";
import type { Change, Run } from "./run.ts";
import { backups, plantBroken, publishedUnder, SHRUNK, WIDE } from "./stage.ts";
import { unconfirmed } from "./targets.ts";

/** A port that nothing listens on. */
const SILENT = "9";
/** More than a connection carries that publishes no data, and less than one that does. */
const DATA = 100_000;
/** What the AWS CLI says of a connection that is cut: it depends on where in an exchange it was. */
const CUT =
  /Connection was closed before we received a valid response|unexpected eof while reading|Could not connect|Connection reset/;
/** The CronJob that drills the backups of PostgreSQL. */
const DRILL = "mplp-drill";
const DAY = 86_400_000;
/** So little processor time that each step lasts long enough for a fault to meet it. */
const CRAWL = "10m";

const s3 = { host: `${s3Service.name}.${s3Service.namespace}.svc.cluster.local`, port: s3Service.port };
const database = { host: "postgresql", port: 5432 };
const cache = { host: "redis", port: 6379 };

/** A run under a change, and nothing else. */
const changed =
  (change: Change): Row["fault"] =>
  async (scene) => ({ ended: await scene.run(change) });

const withPodChanged = (pod: (pod: V1PodSpec) => void) => changed({ pod });

/** A run that dumps another database: one of the stage's own server. */
const fromStage =
  (database: string, change: (pod: V1PodSpec) => void = () => {}): Row["fault"] =>
  async ({ stage, run }) => ({
    ended: await run({
      pod(pod) {
        for (const [name, value] of Object.entries({
          PGHOST: stage.postgres,
          PGUSER: "postgres",
          PGDATABASE: database,
        }))
          set(pod, "dump", name, value);
        change(pod);
      },
    }),
  });

/** A run that meets a server through a proxy that harms. */
function harmed(
  target: { host: string; port: number },
  harm: Harm,
  during?: (run: Run, proxy: TcpProxy) => Promise<void>,
): Row["fault"] {
  return ({ stage: { sandbox }, slug, run }) =>
    withProxy(sandbox, slug, target, harm, async (proxy) => {
      const ended = await run({
        pod(pod) {
          if (target === database) set(pod, "dump", "PGHOST", proxy.address);
          else if (target === cache) set(pod, "dump", "HOST", proxy.address);
          // S3's certificate names a host: it is found at the proxy.
          else pod.hostAliases = [{ ip: proxy.address, hostnames: [s3.host] }];
        },
        ...(during && { during: (run_) => during(run_, proxy) }),
      });
      return { ended, proof: await proxy.log() };
    });
}

/** Waits until a proxy has done its harm. */
async function harmDone(proxy: TcpProxy): Promise<void> {
  while ((await proxy.log()) === "");
}

/** A run that hangs where a proxy stalls, until its deadline. */
async function hangsUntilDeadline(run: Run, proxy: TcpProxy): Promise<void> {
  await harmDone(proxy);
  await run.reachDeadline();
}

/** A run whose container is ended by a signal while a proxy holds it in the middle of its work. */
function signalled(container: "dump" | "verify" | "publish", signal: "SIGTERM" | "SIGKILL"): Row["fault"] {
  if (container === "verify") {
    return async (scene) => {
      const ended = await scene.run({
        pod: (pod) => limit(pod, "verify", CRAWL),
        during: (run) => run.signal("verify", signal),
      });
      return { ended, proof: `${signal} sent` };
    };
  }
  const [target, harm] =
    container === "dump"
      ? [database, { to: "answer", does: "stall", after: 1_000_000 } as const]
      : [s3, { to: "request", does: "stall", after: DATA } as const];
  return harmed(target, harm, async (run, proxy) => {
    await harmDone(proxy);
    await run.signal(container, signal);
  });
}

function limit(pod: V1PodSpec, container: string, cpu: string): void {
  const found = pod.initContainers?.find(({ name }) => name === container);
  if (found)
    found.resources = {
      ...found.resources,
      requests: { ...found.resources?.requests, cpu },
      limits: { ...found.resources?.limits, cpu },
    };
}

/** A disk that damages the dump after it was written: a container between the dump and the next step, on the same volume. */
function damagedAfter(container: "dump" | "verify", program: string): (pod: V1PodSpec) => void {
  return (pod) => {
    const containers = pod.initContainers ?? [];
    const at = containers.findIndex(({ name }) => name === container);
    const damage = { ...structuredClone(containers[at]), name: "damage", env: [], command: ["bash", "-euc", program] };
    containers.splice(at + 1, 0, damage as (typeof containers)[number]);
  };
}

const FLIP = `file=$(ls /scratch/backup.*); at=$(($(stat -c %s "$file") / 2))
printf '\\xff' | dd of="$file" bs=1 seek="$at" conv=notrunc status=none && echo "overwrote a byte at $at"`;
const TRUNCATE = `file=$(ls /scratch/backup.*); at=$(($(stat -c %s "$file") * 6 / 10)); truncate -s "$at" "$file" && echo "cut at $at"`;

const secured: Omit<Throwaway, "name"> = {
  namespace,
  image: imageNames.redis,
  user: 999,
  command: ["redis-server", "--requirepass", "right", "--dir", "/scratch"],
  ready: {
    exec: {
      command: [
        "bash",
        "-c",
        "REDISCLI_AUTH=right redis-cli INFO replication | grep -qE '^(role:master|master_link_status:up)'",
      ],
    },
  },
};

/** A Redis server that asks for a password. */
const withSecured =
  (change: (pod: V1PodSpec) => void, options: string[] = []): Row["fault"] =>
  ({ stage: { sandbox }, slug, run }) =>
    withPod(
      sandbox,
      { ...secured, name: `server-${slug}`, command: [...secured.command, ...options] },
      async (address) => ({
        ended: await run({
          pod(pod) {
            set(pod, "dump", "HOST", address);
            change(pod);
          },
        }),
      }),
    );

/** A server of the row's own, killed while its data is dumped. */
async function killedServer({ stage: { sandbox }, slug, run }: Scene): Promise<Met> {
  const server: Throwaway = {
    namespace,
    name: `server-${slug}`,
    image: imageNames.postgres(17),
    user: 999,
    command: [
      "bash",
      "-ec",
      `initdb --no-sync -D /scratch/data -U postgres --auth=trust && echo 'host all all all trust' >>/scratch/data/pg_hba.conf
postgres --single -D /scratch/data postgres <<<"CREATE TABLE filled AS SELECT i, md5(i::text) FROM generate_series(1, 200000) AS i"
exec postgres -D /scratch/data -k /tmp -c fsync=off -c listen_addresses='*'`,
    ],
    ready: { tcpSocket: { port: 5432 } },
  };
  return withPod(sandbox, server, (host) =>
    withProxy(sandbox, slug, { host, port: 5432 }, { to: "answer", does: "stall", after: 1_000_000 }, async (proxy) => {
      const ended = await run({
        pod(pod) {
          for (const [name, value] of Object.entries({
            PGHOST: proxy.address,
            PGUSER: "postgres",
            PGDATABASE: "postgres",
          }))
            set(pod, "dump", name, value);
        },
        async during() {
          await harmDone(proxy);
          await sandbox.kubectl(
            ...[
              "--namespace",
              namespace,
              "exec",
              server.name,
              "--",
              "pg_ctl",
              "-D",
              "/scratch/data",
              "stop",
              "-m",
              "immediate",
              "-W",
            ],
          );
        },
      });
      return { ended, proof: await proxy.log() };
    }),
  );
}

/** A bucket that keeps no versions. */
async function unversioned({ stage, slug, run }: Scene): Promise<Met> {
  const Bucket = `${stage.prefix}${slug}`.replaceAll("/", "-");
  await stage.s3.send(new CreateBucketCommand({ Bucket }));
  const ended = await run({ pod: (pod) => set(pod, "publish", "BUCKET", Bucket) });
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket }));
  return { ended, proof: Contents.map(({ Key }) => Key).join("\n") };
}

/** What S3 says to a client with another's rights. */
async function refused({ stage, run }: Scene): Promise<Met> {
  const { accessKeyId, secretAccessKey } = await s3AccessKey(stage.sandbox.settings, "reader");
  return {
    ended: await run({
      pod(pod) {
        set(pod, "publish", "AWS_ACCESS_KEY_ID", accessKeyId);
        set(pod, "publish", "AWS_SECRET_ACCESS_KEY", secretAccessKey);
      },
    }),
  };
}

/** What a drill finds of a broken backup, or of broken data. */
function drill(
  name: string,
  ends: Row["ends"],
  message: RegExp,
  {
    broken,
    pod,
    reached = broken ? /-planted/ : /as its manifest says/,
  }: { broken?: Parameters<typeof plantBroken>[3]; pod?: (pod: V1PodSpec) => void; reached?: RegExp },
): Row {
  return {
    name: `a drill: ${name}`,
    backup: "postgres",
    cronJob: DRILL,
    async fault({ stage, prefix, run }) {
      const planted = broken ? [await plantBroken(stage, prefix, new Date(), broken)] : [];
      return { ended: await run(pod ? { pod } : {}), planted };
    },
    reached,
    ends,
    message,
    published: 0,
  };
}

/** One bit of the middle is another. */
function flipped(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] as number) ^ 1;
  return copy;
}

/** Every fault that a backup must meet. */
export const table: Row[] = [
  {
    name: "the server is unreachable",
    backup: "postgres",
    fault: withPodChanged((pod) => set(pod, "dump", "PGPORT", SILENT)),
    reached: /port 9 failed/,
    ends: { container: "dump", exitCode: 2 },
    message: /psql: error: connection to server at "postgresql" .*, port 9 failed/,
    published: 0,
  },
  {
    name: "the password is wrong",
    backup: "postgres",
    by: "controller",
    async fault({ stage: { sandbox }, run }) {
      const ended = await run({ pod: (pod) => set(pod, "dump", "PGPASSWORD", "wrong") });
      return { ended, proof: await sandbox.kubectl("--namespace", namespace, "logs", "postgresql-0", "--since=5m") };
    },
    reached: /FATAL: {2}password authentication failed for user "mplp"/,
    ends: { container: "dump", exitCode: 2 },
    message: /password authentication failed for user "mplp"/,
    published: 0,
  },
  {
    name: "the connection to the server is cut during the dump",
    backup: "postgres",
    fault: harmed(database, { to: "answer", does: "cut", after: 1_000_000 }),
    reached: /cut: closed after 1000000 bytes/,
    ends: { container: "dump", exitCode: 1 },
    message: /pg_dump: error: Dumping the contents of table .* failed/,
    published: 0,
  },
  {
    name: "the server is killed during the dump",
    backup: "postgres",
    fault: killedServer,
    reached: /stall: passes nothing more after 1000000 bytes/,
    ends: { container: "dump", exitCode: 1 },
    message: /pg_dump: error: Dumping the contents of table "filled" failed/,
    published: 0,
  },
  {
    name: "the client is older than the server",
    backup: "postgres",
    fault: withPodChanged((pod) => {
      for (const { name, ...container } of pod.initContainers ?? [])
        if (name === "dump") pod.initContainers?.splice(0, 1, { ...container, name, image: imageNames.postgres(15) });
    }),
    reached: /the client 15\.|pg_dump version: 15\./,
    ends: { container: "dump", exitCode: 1 },
    message:
      /the server is PostgreSQL 17\.\S+ .*and the client 15\.\S+ .*; their major versions must be equal: correct/,
    published: 0,
  },
  {
    name: "the scratch space is full",
    backup: "postgres",
    fault: withPodChanged((pod) => {
      for (const volume of pod.volumes ?? [])
        if (volume.name === "scratch") volume.emptyDir = { medium: "Memory", sizeLimit: "1Mi" };
    }),
    reached: /No space left on device/,
    ends: { container: "dump", exitCode: 1 },
    message: /pg_dump: error: could not write .*: No space left on device/,
    published: 0,
  },
  {
    name: "the database has no tables",
    backup: "postgres",
    fault: fromStage("postgres", (pod) => set(pod, "verify", "PGDATABASE", "postgres")),
    reached: /dumped postgres from PostgreSQL 17/,
    ends: { container: "verify", exitCode: 1 },
    message:
      /the dump of postgres holds no table: it is not published; correct the declared database or the user's rights/,
    published: 0,
  },
  {
    name: "the dump is damaged on its disk",
    backup: "postgres",
    fault: withPodChanged(damagedAfter("dump", FLIP)),
    reached: /overwrote a byte at \d+/,
    ends: { container: "verify", exitCode: 1 },
    message: /pg_restore: error: /,
    published: 0,
  },
  {
    name: "the dump loses its end on its disk",
    backup: "postgres",
    fault: withPodChanged(damagedAfter("dump", TRUNCATE)),
    reached: /cut at \d+/,
    ends: { container: "verify", exitCode: 1 },
    message: /pg_restore: error: could not read from input file: end of file/,
    published: 0,
  },
  {
    name: "the dump is damaged on its disk after it was verified",
    backup: "postgres",
    fault: withPodChanged(damagedAfter("verify", FLIP)),
    reached: /overwrote a byte at \d+/,
    ends: { container: "publish", exitCode: 1 },
    message: /has the SHA-256 \S+, and had \S+ when it was read back: its disk damaged it since; it is not published/,
    published: 0,
  },
  {
    name: "S3 is unreachable",
    backup: "postgres",
    // The stage's server does not listen on S3's port.
    fault: ({ stage, run }) =>
      run({
        pod(pod) {
          pod.hostAliases = [{ ip: stage.postgres, hostnames: [s3.host] }];
        },
      }).then((ended) => ({ ended })),
    reached: /Could not connect to the endpoint URL/,
    ends: { container: "publish", exitCode: 255 },
    message: /Could not connect to the endpoint URL: "https:\/\/s3\.upkeep-sandbox\./,
    published: 0,
  },
  {
    name: "S3 is slow",
    backup: "postgres",
    fault: harmed(s3, { to: "request", does: "slow", after: DATA, rate: 200_000 }),
    reached: /slow: slowed after 100000 bytes/,
    ends: "complete",
    published: 1,
  },
  {
    name: "S3 hangs until the run's deadline",
    backup: "postgres",
    fault: harmed(s3, { to: "request", does: "stall", after: DATA }, hangsUntilDeadline),
    reached: /stall: passes nothing more after 100000 bytes/,
    ends: { reason: "DeadlineExceeded" },
    message: /Job was active longer than specified deadline/,
    published: 0,
  },
  {
    name: "S3 refuses the writer",
    backup: "postgres",
    fault: refused,
    reached: /AccessDenied/,
    ends: { container: "publish", exitCode: 1 },
    message: /An error occurred \(AccessDenied\) when calling the PutObject operation/,
    published: 0,
  },
  {
    name: "the bucket does not exist",
    backup: "postgres",
    fault: withPodChanged((pod) => set(pod, "publish", "BUCKET", "no-such-bucket")),
    reached: /NoSuchBucket/,
    ends: { container: "publish", exitCode: 255 },
    message: /An error occurred \(NoSuchBucket\)/,
    published: 0,
  },
  {
    name: "the bucket keeps no versions",
    backup: "postgres",
    fault: unversioned,
    // The data is there, and nothing names it.
    reached: /^faults\/\S+\/data\/\S+\.dump$/m,
    ends: { container: "publish", exitCode: 1 },
    message: /has no version: the bucket's versioning is off, so nothing protects the backup; turn it on/,
    published: 0,
  },
  {
    name: "S3 shows a certificate that is not trusted",
    backup: "postgres",
    fault: withPodChanged((pod) => {
      for (const container of pod.containers)
        container.env = (container.env ?? []).filter(({ name }) => name !== "AWS_CA_BUNDLE");
    }),
    reached: /SSL validation failed|Unverified HTTPS request/,
    ends: { container: "publish", exitCode: 255 },
    message: /SSL validation failed for https:\/\/s3\.upkeep-sandbox\..*CERTIFICATE_VERIFY_FAILED/,
    published: 0,
  },
  {
    name: "the upload is cut once",
    backup: "postgres",
    fault: harmed(s3, { to: "request", does: "cut", after: DATA, times: 1 }),
    reached: /cut: closed after 100000 bytes/,
    ends: "complete",
    published: 1,
  },
  {
    name: "every upload is cut",
    backup: "postgres",
    fault: harmed(s3, { to: "request", does: "cut", after: DATA }),
    reached: /(cut: closed after 100000 bytes\n?){2}/,
    ends: { container: "publish", exitCode: 1 },
    message: CUT,
    published: 0,
  },
  {
    name: "S3 is cut off between the data and the manifest",
    backup: "postgres",
    fault: harmed(s3, { to: "request", does: "cut", after: Number.MAX_SAFE_INTEGER, large: DATA }),
    reached: /let \d+ bytes through, and closes what comes now\n(.*\n)*cut: refused a connection/,
    ends: { container: "publish", exitCode: 1 },
    message: CUT,
    published: 0,
    orphans: 1,
  },
  {
    name: "the same key is put twice",
    backup: "postgres",
    fault: withPodChanged((pod) => {
      set(pod, "publish", "RUN", "the-same-run");
      const [publish] = structuredClone(pod.containers);
      if (publish) pod.initContainers?.push({ ...publish, name: "publish-before" });
    }),
    reached: /published s3:\S+-the-same-run\.json/,
    ends: { container: "publish", exitCode: 1 },
    message: /exists already: another run has this name, or S3's answer to this one was lost\. Nothing was overwritten/,
    published: 1,
  },
  {
    name: "two runs at once",
    backup: "postgres",
    async fault({ run }) {
      const both = await Promise.all([run({}, "-a"), run({}, "-b")]);
      const [first, second] = both;
      return {
        ended: { ...first, succeeded: first.succeeded && second.succeeded },
        proof: both.map(({ log }) => log).join("\n"),
      };
    },
    reached: /published s3:[\s\S]*published s3:/,
    ends: "complete",
    published: 2,
  },
  ...(["dump", "verify", "publish"] as const).flatMap((container) =>
    (["SIGTERM", "SIGKILL"] as const).map(
      (signal): Row => ({
        name: `${container} is ended by ${signal}`,
        backup: "postgres",
        fault: signalled(container, signal),
        reached: container === "verify" ? /sent/ : /stall: passes nothing more/,
        // pg_dump receives SIGTERM, says so and ends as after any other failure.
        ends: { container, exitCode: signal === "SIGKILL" ? 137 : container === "dump" ? 1 : 143 },
        published: 0,
      }),
    ),
  ),
  {
    name: "the node is drained during the dump",
    backup: "postgres",
    fault: (scene) =>
      harmed(database, { to: "answer", does: "stall", after: 1_000_000, times: 1 }, async (run, proxy) => {
        await harmDone(proxy);
        await run.evict();
      })(scene),
    reached: /stall: passes nothing more/,
    // The pod starts again, and uses no retry: the Job has none.
    ends: "complete",
    published: 1,
  },
  {
    name: "the dump runs out of memory",
    backup: "postgres",
    // The client holds a row in memory whole.
    fault: fromStage(WIDE, (pod) => {
      const [dump] = pod.initContainers ?? [];
      if (dump)
        dump.resources = { ...dump.resources, requests: {}, limits: { ...dump.resources?.limits, memory: "32Mi" } };
    }),
    reached: /^dump: OOMKilled$/m,
    ends: { container: "dump", exitCode: 137 },
    published: 0,
  },
  {
    name: "Redis is unreachable",
    backup: "redis",
    fault: withPodChanged((pod) => set(pod, "dump", "PORT", SILENT)),
    reached: /redis:9: /,
    ends: { container: "dump", exitCode: 1 },
    message: /Could not connect to Redis at redis:9: /,
    published: 0,
  },
  {
    name: "Redis asks for a password that is right",
    backup: "redis",
    // A replica of the live server: what is dumped from it can be compared.
    fault: withSecured((pod) => set(pod, "dump", "REDISCLI_AUTH", "right"), ["--replicaof", "redis", "6379"]),
    reached: /published/,
    ends: "complete",
    published: 1,
  },
  {
    name: "the password of Redis is wrong",
    backup: "redis",
    fault: withSecured((pod) => set(pod, "dump", "REDISCLI_AUTH", "wrong")),
    reached: /WRONGPASS/,
    ends: { container: "dump", exitCode: 1 },
    message: /WRONGPASS invalid username-password pair/,
    published: 0,
  },
  {
    name: "Redis asks for a password and gets none",
    backup: "redis",
    fault: withSecured(() => {}),
    reached: /NOAUTH/,
    ends: { container: "dump", exitCode: 1 },
    message: /NOAUTH Authentication required/,
    published: 0,
  },
  {
    name: "the connection to Redis is cut during the dump",
    backup: "redis",
    fault: harmed(cache, { to: "answer", does: "cut", after: 1500 }),
    reached: /cut: closed after 1500 bytes/,
    ends: { container: "dump", exitCode: 1 },
    message: /I\/O Error reading RDB payload from socket/,
    published: 0,
  },
  {
    name: "a bit of the Redis dump flips on its way",
    backup: "redis",
    fault: harmed(cache, { to: "answer", does: "flip", after: 1500 }),
    reached: /flip: flipped a bit after 1500 bytes/,
    ends: { container: "verify", exitCode: 1 },
    message: /RDB ERROR DETECTED[\s\S]*cannot be read whole: it is not published/,
    published: 0,
  },
  {
    name: "the API refuses the export",
    backup: "configuration",
    fault: withPodChanged((pod) => {
      pod.serviceAccountName = backups.redis.cronJob;
    }),
    reached: /answers 403/,
    ends: { container: "export", exitCode: 1 },
    message: /answers 403 to GET .*\/configmaps\?limit=\d+: .*cannot list resource/,
    published: 0,
  },
  {
    name: "one kind is denied in an export",
    backup: "configuration",
    async fault({ stage: { sandbox }, run }) {
      const kinds = ["ConfigMap", "Service"].map((kind) => ({ kind, ...configurationKinds[kind as "Service"] }));
      const ended = await run({ pod: (pod) => set(pod, "export", "KINDS", JSON.stringify(kinds)) });
      const review = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: `system:serviceaccount:${namespace}:${backups.configuration.cronJob}`,
          resourceAttributes: { namespace, verb: "list", resource: "services" },
        },
      };
      const ask = ["create", "--filename=-", "--output=jsonpath=allowed: {.status.allowed}"];
      return { ended, proof: await sandbox.run("kubectl", ask, JSON.stringify(review)) };
    },
    reached: /^allowed: false$/,
    ends: { container: "export", exitCode: 1 },
    message: /answers 403 to GET .*\/services\?limit=\d+: .*cannot list resource/,
    published: 0,
  },
  {
    name: "the database shrank",
    backup: "postgres",
    fault: fromStage(SHRUNK),
    reached: /dumped shrunk from PostgreSQL 17/,
    ends: { container: "publish", exitCode: 3 },
    message:
      /published as suspect, .*: tables fell from \d+ to 1, bytes fell from \d+ to \d+\. .* more than 50% under it/,
    published: 0,
    suspect: 1,
  },
  {
    name: "the clock was moved back",
    backup: "postgres",
    // As seen from the clock: the newest backup began a day from now.
    async fault({ stage, prefix, run }) {
      const planted = await plantBroken(stage, prefix, new Date(Date.now() + DAY), async (earlier) => earlier);
      const ended = await run({});
      const newest = (await publishedUnder(stage, prefix)).at(-1)?.name;
      return { ended, planted: [planted], proof: `the newest that lies there is ${newest}` };
    },
    reached: /the newest that lies there is \S+-planted/,
    ends: { container: "publish", exitCode: 4 },
    message: /the clock was moved back, or was ahead then\. Nothing is published.* Correct the node's clock/,
    published: 0,
  },
  drill(
    "the object is corrupted",
    { container: "fetch", exitCode: 13 },
    /has the sha256 \S+; its manifest says \S+: it is not the data/,
    {
      broken: async (earlier, copy) => ({ ...earlier, ...(await copy(flipped)) }),
    },
  ),
  drill(
    "the checksum in the manifest is wrong",
    { container: "fetch", exitCode: 13 },
    /has the sha256 \S+; its manifest says 0{64}:/,
    {
      broken: async (earlier) => ({ ...earlier, sha256: "0".repeat(64) }),
      // The data is the earlier backup's, so that is what the log names; this sum is in the planted manifest alone.
      reached: /0{64}/,
    },
  ),
  drill(
    "the object is missing",
    { container: "fetch", exitCode: 12 },
    /names s3:\S+, version \S+, which is not there/,
    {
      broken: async (earlier) => ({ ...earlier, key: `${earlier.key}.gone.dump` }),
    },
  ),
  drill(
    "the manifest is garbled",
    { container: "fetch", exitCode: 11 },
    /cannot be used: it is no JSON; take the backup before it with BEFORE=/,
    {
      broken: async (earlier) => JSON.stringify(earlier).slice(0, 100),
    },
  ),
  drill(
    "an assertion does not hold",
    { container: "record", exitCode: 23 },
    /these assertions do not hold: SELECT count\(\*\) = 1 FROM plans/,
    {
      pod: (pod) =>
        set(
          pod,
          "drill",
          "ASSERTIONS",
          JSON.stringify(["SELECT count(*) > 0 FROM plans", "SELECT count(*) = 1 FROM plans"]),
        ),
    },
  ),
  drill(
    "the data is stale",
    { container: "record", exitCode: 22 },
    /the data is stale: it ends at 202[56]-\S+ .*, and with a recovery point of/,
    {
      pod: (pod) => set(pod, "drill", "FRESHNESS", "SELECT max(created_at) FROM plans WHERE isfinite(created_at)"),
    },
  ),
  {
    name: "the drill runs over its deadline",
    backup: "postgres",
    cronJob: DRILL,
    fault: harmed(s3, { to: "answer", does: "stall", after: DATA }, hangsUntilDeadline),
    reached: /stall: passes nothing more after 100000 bytes/,
    ends: { reason: "DeadlineExceeded" },
    message: /Job was active longer than specified deadline/,
    published: 0,
  },
  ...(["postgres", "redis"] as const).map(
    (kind): Row => ({
      name: `a restore of ${kind}, whose target is not empty`,
      backup: kind,
      cronJob: `${backups[kind].cronJob}-restore`,
      fault: unconfirmed(kind),
      reached: /^the target holds one$/,
      ends: { container: "before-restore", exitCode: 31 },
      message: /the target \S+ is not empty, it holds \d+ (tables|keys): nothing was done; set CONFIRM=/,
      published: 0,
    }),
  ),
];
