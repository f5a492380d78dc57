import type { Sandbox } from "../support/sandbox.ts";

export interface Table {
  name: string;
  rows: number;
  /** Of all rows' text, in the text's order. */
  digest: string;
}

/** The name under which large objects are listed beside the tables. */
export const largeObjects = "large objects";

const namespace = "mplp-recovery";
const pod = "restore-test";
const database = "mplp_production";

/** Restores a dump into an empty server of its own and reads every table of it and of the live server. */
export async function restored(sandbox: Sandbox, dump: string): Promise<{ live: Table[]; copy: Table[] }> {
  await sandbox.kubectl("--namespace", namespace, "delete", "pod", pod, "--ignore-not-found");
  await sandbox.run("kubectl", ["create", "--filename=-"], JSON.stringify(emptyServer()));
  try {
    await sandbox.kubectl("--namespace", namespace, "wait", `pod/${pod}`, "--for=condition=Ready", "--timeout=90s");
    const server = `kubectl --namespace ${namespace} exec --stdin ${pod} --`;
    await sandbox.run("bash", [
      ...["-o", "pipefail", "-c"],
      `${server} createdb -h /tmp -U postgres ${database} && ` +
        `aws s3 cp ${dump} - | ${server} pg_restore -h /tmp -U postgres --exit-on-error --no-owner --no-acl --dbname=${database}`,
    ]);
    return {
      live: await tables(sandbox, ["mplp-production", "postgresql-0", 'psql -U "$POSTGRES_USER"']),
      copy: await tables(sandbox, [namespace, pod, "psql -h /tmp -U postgres"]),
    };
  } finally {
    await sandbox.kubectl("--namespace", namespace, "delete", "pod", pod, "--wait=false");
  }
}

async function tables(sandbox: Sandbox, [space, name, psql]: [string, string, string]): Promise<Table[]> {
  const ask = (sql: string) =>
    sandbox.run(
      "kubectl",
      [
        "--namespace",
        space,
        "exec",
        "--stdin",
        name,
        "--",
        "bash",
        "-c",
        `${psql} -d ${database} --no-psqlrc -qAtF '\t' -v ON_ERROR_STOP=1`,
      ],
      sql,
    );
  const names = await ask(
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;",
  );
  const found: Table[] = [];
  for (const table of names.split("\n")) {
    const [rows, digest] = (
      await ask(`SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ${table} t;`)
    ).split("\t");
    found.push({ name: table, rows: Number(rows), digest: String(digest) });
  }
  const objects = await ask(
    "SELECT count(*), md5(coalesce(string_agg(lo_get(oid)::text, '|' ORDER BY oid), '')) FROM pg_largeobject_metadata;",
  );
  const [count, digest] = objects.split("\t");
  return [...found, { name: largeObjects, rows: Number(count), digest: String(digest) }];
}

function emptyServer() {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod, namespace },
    spec: {
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, runAsUser: 999, fsGroup: 999, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "postgres",
          image: "sandbox.upkeep.invalid/library/postgres:17.6-trixie",
          command: [
            "bash",
            "-c",
            "initdb -D /scratch/data -U postgres --auth=trust -E UTF8 && exec postgres -D /scratch/data -k /tmp -c listen_addresses=''",
          ],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          readinessProbe: { exec: { command: ["pg_isready", "-h", "/tmp"] }, periodSeconds: 1 },
          volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
        },
      ],
      volumes: [{ name: "scratch", emptyDir: {} }],
    },
  };
}
