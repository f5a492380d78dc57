import { randomUUID } from "node:crypto";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { s3Client } from "../../sandbox/parts/seaweedfs.ts";
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
 * administrator plants it, not one of the program's identities.
 */
export class Shelf {
  readonly bucket: string;
  readonly prefix = `restore-test/${randomUUID()}/`;
  readonly #s3: S3Client;
  #original?: Manifest;

  private constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.bucket = bucket;
  }

  /** @param from the prefix of real backups */
  static async of({ settings }: Sandbox, service: string, from: string): Promise<Shelf> {
    const shelf = new Shelf(await s3Client(settings), `${service}-backups-sandbox-123456789012-eu-central-1`);
    const name = (key: string) => key.split("/").at(-1) as string;
    const keys = await shelf.#list(`${from}manifests/`);
    const newest = keys.sort((a, b) => (name(a) < name(b) ? -1 : 1)).at(-1);
    if (newest === undefined) throw new Error(`s3://${shelf.bucket}/${from}manifests/ is empty`);
    shelf.#original = await shelf.read<Manifest>(newest);
    return shelf;
  }

  /** The manifest of the real backup. */
  get original(): Manifest {
    return this.#original as Manifest;
  }

  /** Copies the real backup's data. @returns its key and version under the test's own prefix */
  async data(): Promise<{ key: string; versionId: string }> {
    const { key: original, versionId } = this.original;
    const key = `${this.prefix}data/daily/${randomUUID()}.${original.split(".").at(-1)}`;
    const CopySource = `${this.bucket}/${original}?versionId=${versionId}`;
    const copy = await this.#s3.send(new CopyObjectCommand({ Bucket: this.bucket, Key: key, CopySource }));
    return { key, versionId: copy.VersionId as string };
  }

  /** Puts a text. @returns its key and version */
  async put(key: string, Body: string): Promise<{ key: string; versionId: string }> {
    const put = await this.#s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body }));
    return { key, versionId: put.VersionId as string };
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
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "") as T;
  }

  /** Keys under a folder of the prefix. */
  keys(folder: string): Promise<string[]> {
    return this.#list(this.prefix + folder);
  }

  /** Hides an object behind a delete marker, as a lifecycle does. */
  async hide(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  async #list(Prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  }
}
