import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { say } from "../cli/common/progress.ts";
import { program } from "../components/jobs/program.ts";
import { cacheRoot } from "../sandbox/tools/cached.ts";
import { type Cost, Machine } from "./machine.ts";

/**
 * `make bench-backup`: our dump and our drill's restore compared with the guides' pipeline, on one generated database, on PostgreSQL 15
 * and 17. The two alternate, so that load on the machine affects both.
 */
const { values } = parseArgs({
  options: {
    versions: { type: "string", multiple: true, default: ["15", "17"] },
    rounds: { type: "string", default: "3" },
    /** Twice the rows of the largest table. */
    rows: { type: "string", default: "2200000" },
  },
});

const DATABASE = "bench";
const tables = await readFile(join(import.meta.dirname, "database.sql"), "utf8");
const LEAST_BYTES = 1e9;

/** As in a drill's pod: with its own server, on the fetched backup. Nothing else stops that server here. */
const drill = 'bash -c "$DRILL"; pg_ctl --silent --mode=immediate --pgdata="$SCRATCH/server" stop';

interface Line {
  what: string;
  result: string;
  target: string;
  met?: boolean;
}
const lines: Line[] = [];

const folder = await mkdtemp(join(await cacheRoot(), "bench-"));
try {
  for (const version of values.versions) await benchVersion(Number(version) as 15 | 17);
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const { what, result, target, met } of lines) {
  const verdict = met === undefined ? "" : met ? "met" : "missed";
  process.stdout.write(`${what.padEnd(46)} ${result.padEnd(46)} target ${target.padEnd(16)} ${verdict}\n`);
}
process.exitCode = lines.every(({ met }) => met !== false) ? 0 : 1;

async function benchVersion(major: 15 | 17): Promise<void> {
  say(`→ PostgreSQL ${major}: image, server, database`);
  const machine = await Machine.make(major, join(folder, String(major)));
  // Default settings.
  await machine.bash(
    "initdb --pgdata=/data/main --username=postgres --auth=trust --encoding=UTF8 >/dev/null && " +
      // /dev/shm does not exist here.
      "pg_ctl --pgdata=/data/main --wait --log=/data/log " +
      `--options="-c listen_addresses='' -c unix_socket_directories=/data -c dynamic_shared_memory_type=mmap" start`,
  );
  try {
    const fill = `psql --quiet --no-psqlrc --dbname=${DATABASE} --set=ON_ERROR_STOP=1 --set=rows=${values.rows}`;
    await machine.bash(`createdb ${DATABASE} && ${fill} <<'SQL'\n${tables}\nSQL`);
    const size = Number(await machine.bash(`psql -qAtc "SELECT pg_database_size('${DATABASE}')"`));
    const what = (text: string) => `PostgreSQL ${major}: ${text}`;
    const large = `${(size / 1e9).toFixed(2)} GB`;
    lines.push({ what: what("database"), result: large, target: "at least 1 GB", met: size >= LEAST_BYTES });
    await benchDump(machine, what);
    await benchRestore(machine, what);
  } finally {
    await machine.bash("pg_ctl --pgdata=/data/main --mode=immediate stop");
    await machine.remove();
  }
}

async function benchDump(machine: Machine, what: (text: string) => string): Promise<void> {
  const costs = { guide: [] as Cost[], dump: [] as Cost[], verify: [] as Cost[] };
  const environment = { PGDATABASE: DATABASE, ARTEFACT: "/scratch/backup.dump" };
  for (let round = 1; round <= Number(values.rounds); round++) {
    say(`→ PostgreSQL ${machine.major}: dumps, round ${round}`);
    costs.guide.push(await machine.measured(`pg_dump ${DATABASE} | gzip >/data/guide.sql.gz`));
    costs.dump.push(await machine.measured(program("postgres/dump.sh"), environment));
    costs.verify.push(await machine.measured(program("postgres/verify.sh"), environment));
  }
  faster(what("dump"), costs.dump, costs.guide, 2.5);
  const [mine, theirs] = [await machine.size("scratch/backup.dump"), await machine.size("data/guide.sql.gz")];
  const sizes = `${megabytes(mine)} / ${megabytes(theirs)} = ${(mine / theirs).toFixed(2)}`;
  lines.push({ what: what("bytes of the dump"), result: sizes, target: "at most 1.00", met: mine <= theirs });
  shown(what("verify pass"), costs.verify);
  for (const step of ["dump", "verify"] as const) {
    const memory = Math.max(...costs[step].map(({ mebibytes }) => mebibytes));
    const target = "at most 256 MiB";
    lines.push({ what: what(`memory of ${step}`), result: `${memory.toFixed(0)} MiB`, target, met: memory <= 256 });
  }
  const scratch = Math.max(...[...costs.dump, ...costs.verify].map(({ scratchMebibytes }) => scratchMebibytes));
  lines.push({ what: what("scratch"), result: `${scratch.toFixed(0)} MiB`, target: "-" });
}

/** The guides' restore uses a server with default settings, the drill's a throwaway one tuned for bulk loading. */
async function benchRestore(machine: Machine, what: (text: string) => string): Promise<void> {
  const costs = { guide: [] as Cost[], drill: [] as Cost[] };
  const manifest = manifestOf(JSON.parse(await machine.bash("cat /scratch/about.json")));
  await machine.bash("mv /scratch/backup.dump /data");
  for (let round = 1; round <= Number(values.rounds); round++) {
    say(`→ PostgreSQL ${machine.major}: restores, round ${round}`);
    await machine.bash("dropdb --if-exists restored && createdb restored");
    costs.guide.push(
      await machine.measured("gunzip --stdout /data/guide.sql.gz | psql --quiet --no-psqlrc restored >/dev/null"),
    );
    await machine.bash("dropdb restored");
    costs.drill.push(await drilled(machine, manifest));
  }
  faster(what("drill's restore"), costs.drill, costs.guide, 1.5);
  const scratch = Math.max(...costs.drill.map(({ scratchMebibytes }) => scratchMebibytes));
  lines.push({ what: what("scratch of the drill, with its server"), result: `${scratch.toFixed(0)} MiB`, target: "-" });
}

/** The fields of a manifest that a drill needs. */
function manifestOf({ startedAt, content }: { startedAt: string; content: object }): string {
  return JSON.stringify({ startedAt, ...content });
}

/** @returns what the whole drill used, and how long its restore took */
async function drilled(machine: Machine, manifest: string): Promise<Cost> {
  const fetched = "mkdir /scratch/drill && cp /data/backup.dump /scratch/drill && cat >/scratch/drill/manifest.json";
  await machine.bash(`${fetched} <<'JSON'\n${manifest}\nJSON`);
  const cost = await machine.measured(drill, {
    DRILL: program("postgres/archive.sh") + program("postgres/drill.sh"),
    SCRATCH: "/scratch/drill",
    RECOVERY_POINT: "86400",
  });
  const { exitCode, restore } = JSON.parse(await machine.bash("cat /scratch/drill/drilled.json"));
  if (exitCode !== 0)
    throw new Error(`the drill ended with ${exitCode}: ${await machine.bash("cat /scratch/drill/failed.txt")}`);
  await machine.bash("rm -rf /scratch/drill");
  return { ...cost, seconds: restore };
}

function faster(what: string, mine: Cost[], theirs: Cost[], target: number): void {
  const [ours, other] = [medianSeconds(mine), medianSeconds(theirs)];
  const result = `${ours.toFixed(1)} s, guide ${other.toFixed(1)} s: ${(other / ours).toFixed(2)} times as fast`;
  lines.push({ what, result, target: `at least ${target}`, met: other / ours >= target });
}

function shown(what: string, costs: Cost[]): void {
  lines.push({ what, result: `${medianSeconds(costs).toFixed(1)} s`, target: "-" });
}

function medianSeconds(costs: Cost[]): number {
  return costs.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(costs.length / 2)] as number;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
