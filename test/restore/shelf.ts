import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../support/sandbox.ts";

/** A manifest, as far as the tests read it. */
export interface Manifest {
  key: string;
  versionId: string;
  sha256: string;
  bytes: number;
  startedAt: string;
  tables?: { name: string; rows: number }[];
  databases?: { database: number; keys: number }[];
  name?: string;
}

/**
 * A prefix of a test's own in a service's bucket, with a copy of the newest real backup: what is planted there harms no other. The
 * administrator plants it, who is none of the program's identities.
 */
export class Shelf {
  readonly bucket: string;
  readonly prefix: string;
  readonly original: Manifest;
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox, bucket: string, prefix: string, original: Manifest) {
    this.#sandbox = sandbox;
    this.bucket = bucket;
    this.prefix = prefix;
    this.original = original;
  }

  /** @param from the prefix of real backups */
  static async of(sandbox: Sandbox, service: string, from: string): Promise<Shelf> {
    const bucket = `${service}-backups-sandbox-123456789012-eu-central-1`;
    const listed = await sandbox.aws("s3", "ls", "--recursive", `s3://${bucket}/${from}manifests/`);
    const keys = listed.split("\n").map((line) => line.split(/\s+/).at(-1) as string);
    const name = (key: string) => key.split("/").at(-1) as string;
    const newest = keys.sort((a, b) => (name(a) < name(b) ? -1 : 1)).at(-1) as string;
    const original = JSON.parse(await sandbox.aws("s3", "cp", `s3://${bucket}/${newest}`, "-")) as Manifest;
    return new Shelf(sandbox, bucket, `restore-test/${randomUUID()}/`, original);
  }

  /** Copies the real backup's data. @returns its key and version under the test's own prefix */
  async data(key = `${this.prefix}data/daily/${randomUUID()}.${this.original.key.split(".").at(-1)}`) {
    const source = `${this.bucket}/${this.original.key}?versionId=${this.original.versionId}`;
    const copy = await this.#s3("copy-object", "--key", key, "--copy-source", source);
    return { key, versionId: copy.VersionId as string };
  }

  /** Puts a text as a manifest. @returns its key and version */
  async put(key: string, text: string): Promise<{ key: string; versionId: string }> {
    const folder = await mkdtemp(join(tmpdir(), "upkeep-restore-"));
    try {
      await writeFile(join(folder, "body"), text);
      const put = await this.#s3("put-object", "--key", key, "--body", join(folder, "body"));
      return { key, versionId: put.VersionId as string };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /**
   * Plants a backup that began at a time: the real one's data with a manifest.
   *
   * @param changes of the manifest, or a text in its place
   * @returns its name
   */
  async backup(startedAt: string, changes: Partial<Manifest> | string = {}, shelf = "daily"): Promise<string> {
    const name = `${startedAt.replace(/[-:]/g, "")}-${randomUUID()}`;
    const text =
      typeof changes === "string"
        ? changes
        : JSON.stringify({ ...this.original, ...(changes.key ? {} : await this.data()), startedAt, ...changes });
    await this.put(this.manifest(name, shelf), text);
    return name;
  }

  manifest(name: string, shelf = "daily"): string {
    return `${this.prefix}manifests/${shelf}/${name}.json`;
  }

  async read<T>(key: string): Promise<T> {
    return JSON.parse(await this.#sandbox.aws("s3", "cp", `s3://${this.bucket}/${key}`, "-")) as T;
  }

  /** Keys under a folder of the prefix. */
  async keys(folder: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3("list-objects-v2", "--prefix", this.prefix + folder);
    return (Contents as { Key: string }[]).map(({ Key }) => Key);
  }

  /** Hides an object behind a delete marker, as a lifecycle does. */
  async hide(key: string): Promise<void> {
    await this.#s3("delete-object", "--key", key);
  }

  async #s3(operation: string, ...args: string[]): Promise<Record<string, unknown>> {
    const bucket = ["--bucket", this.bucket, "--output", "json"];
    return JSON.parse((await this.#sandbox.aws("s3api", operation, ...bucket, ...args)) || "{}");
  }
}
