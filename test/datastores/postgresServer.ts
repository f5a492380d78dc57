import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { imageNames } from "../../sandbox/images/names.ts";
import { Machine } from "../support/machine.ts";
import { freePort } from "../support/servers/server.ts";

/** The image's user of the server. */
const USER = 999;

/** How a program ended, with all that it printed. */
export interface Ended {
  exitCode: number | undefined;
  all: string;
}

/** Servers of PostgreSQL on a machine of their image, and the programs of programs/postgres beside them. */
export class PostgresMachine {
  readonly version: 15 | 17;
  readonly machine: Machine;
  readonly #servers = new Map<number, ReturnType<Machine["start"]>>();

  private constructor(version: 15 | 17, machine: Machine) {
    this.version = version;
    this.machine = machine;
  }

  static async of(version: 15 | 17): Promise<PostgresMachine> {
    const machine = await Machine.of(imageNames.postgres(version));
    await mkdir(join(machine.root, "scratch"));
    await chmod(join(machine.root, "scratch"), 0o777);
    return new PostgresMachine(version, machine);
  }

  /** Starts a server on loopback that trusts everyone. @param prepare makes its data folder. @returns its port */
  async server(
    prepare = (data: string) =>
      `initdb --no-sync --pgdata=${data} --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8`,
    settings: string[] = [],
  ): Promise<number> {
    const port = await freePort();
    const data = `/tmp/data-${port}`;
    const options = ["fsync=off", "listen_addresses=127.0.0.1", "dynamic_shared_memory_type=mmap", ...settings];
    const written = options.map((option) => ` -c '${option}'`).join("");
    const server = this.machine.start(
      USER,
      `cd /tmp && ${prepare(data)} && exec postgres -D ${data} -k /tmp -p ${port}${written}`,
      {},
    );
    this.#servers.set(port, server);
    let printed: string | undefined;
    void server.then(({ all }) => {
      printed = String(all);
    });
    for (const ends = Date.now() + 90_000; ; await sleep(200)) {
      if ((await this.psql(port, "postgres", "SELECT 1")).exitCode === 0) return port;
      if (printed !== undefined || Date.now() > ends) throw new Error(`PostgreSQL does not serve: ${printed}`);
    }
  }

  /** Asks as a user. @returns its answer, without the last line's end */
  async ask(port: number, database: string, sql: string, user = "postgres"): Promise<string> {
    const { exitCode, all } = await this.psql(port, database, sql, user);
    if (exitCode !== 0) throw new Error(all);
    return all;
  }

  psql(port: number, database: string, sql: string, user = "postgres"): Promise<Ended> {
    const psql = `psql -h 127.0.0.1 -p ${port} -U "$WHO" --no-psqlrc -qAt -v ON_ERROR_STOP=1 <<<"$SQL"`;
    return this.run(psql, { PGDATABASE: database, WHO: user, SQL: sql });
  }

  /** Runs a program of programs/postgres with a server. */
  program(name: string, port: number, environment: Record<string, string> = {}): Promise<Ended> {
    return this.run(`bash /programs/postgres/${name}.sh`, {
      ARTEFACT: "/scratch/backup.dump",
      PGHOST: "127.0.0.1",
      PGPORT: String(port),
      PGUSER: "postgres",
      ...environment,
    });
  }

  /** Dumps and verifies a database, and leaves its manifest for a restore. @returns what the manifest says of it */
  async backUp(port: number, database: string, environment: Record<string, string> = {}): Promise<Manifest> {
    for (const name of ["dump", "verify"]) {
      const { exitCode, all } = await this.program(name, port, { PGDATABASE: database, ...environment });
      if (exitCode !== 0) throw new Error(all);
    }
    const { content, ...about } = JSON.parse(await this.read("about.json"));
    await this.write("manifest.json", JSON.stringify({ ...about, ...content }));
    return { ...about, ...content };
  }

  /** A file of the scratch space that the steps of a job share. */
  read(file: string): Promise<string> {
    return readFile(join(this.machine.root, "scratch", file), "utf8");
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.machine.root, "scratch", file), text);
  }

  /** @param user of the image */
  async run(command: string, environment: Record<string, string> = {}, user = USER): Promise<Ended> {
    const { exitCode, all } = await this.machine.start(user, command, environment);
    return { exitCode, all: String(all ?? "").trim() };
  }

  async remove(): Promise<void> {
    for (const server of this.#servers.values()) server.kill("SIGKILL");
    await Promise.all(this.#servers.values());
    await this.machine.remove();
  }
}

/** What the manifest of a dump of PostgreSQL says, as far as the tests read it. */
export interface Manifest {
  startedAt: string;
  tables: { name: string; rows: number }[];
  roles: { name: string }[];
  database: Record<string, number>;
}
