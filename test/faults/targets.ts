import assert from "node:assert/strict";
import { imageNames } from "../../sandbox/images/names.ts";
import { namespace } from "../story/job.ts";
import { withPod } from "../story/pod.ts";
import type { Sandbox } from "../support/sandbox.ts";
import { type Row, set } from "./judge.ts";
import { inside } from "./stage.ts";

/** A target of a row's own, which holds data that nothing else needs, should a restore replace it. */
interface Target {
  name: string;
  /** The names of its tables or keys. */
  held(): Promise<string>;
}

/** A run with TARGET and without its confirmation. What it replaces nevertheless fails the row. */
export function unconfirmed(kind: "postgres" | "redis"): Row["fault"] {
  const withTarget = kind === "postgres" ? withDatabase : withRedis;
  return ({ stage: { sandbox }, slug, run }) =>
    withTarget(sandbox, slug, async ({ name, held }) => {
      const before = await held();
      const ended = await run({
        pod(pod) {
          for (const container of ["before-restore", "restore"]) set(pod, container, "TARGET", name);
        },
      });
      assert.equal(await held(), before, `the restore replaced its target: ${ended.log}`);
      return { ended, proof: `the target holds ${before}` };
    });
}

/** A database of the live server, removed with whatever a restore made of it. */
async function withDatabase<T>(sandbox: Sandbox, slug: string, use: (target: Target) => Promise<T>): Promise<T> {
  const name = slug.replaceAll("-", "_");
  const ask = (program: string) => inside(sandbox, namespace, "postgresql-0", program);
  const remove = () =>
    ask(
      `psql -U postgres -qAtc "SELECT datname FROM pg_database WHERE starts_with(datname, '${name}')" | xargs -r -n 1 dropdb -U postgres --force`,
    );
  await remove();
  try {
    await ask(`createdb -U postgres ${name}\npsql -U postgres -d ${name} -qc "CREATE TABLE one ()"`);
    const tables = "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'";
    return await use({ name, held: () => ask(`psql -U postgres -d ${name} -qAtc "${tables}"`) });
  } finally {
    await remove();
  }
}

/** A server of its own. */
function withRedis<T>(sandbox: Sandbox, slug: string, use: (target: Target) => Promise<T>): Promise<T> {
  const server = {
    namespace,
    name: `target-${slug}`,
    image: imageNames.redis,
    user: 999,
    command: ["redis-server", "--protected-mode", "no", "--dir", "/scratch"],
    ready: { tcpSocket: { port: 6379 } },
  };
  const ask = (program: string) => inside(sandbox, namespace, server.name, program);
  return withPod(sandbox, server, async (address) => {
    await ask("redis-cli SET one 1");
    return use({ name: address, held: () => ask("redis-cli KEYS '*'") });
  });
}
