/** The S3 calls of the programs in Node, signed by aws4fetch and retried; each answer is read whole. */
import { hash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsV4Signer } from "aws4fetch";
import { partitionOf } from "../../domain/values/partition.ts";
import { type Credentials, credentials, reason } from "./credentials.ts";

interface Request {
  method: "GET" | "PUT";
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Buffer<ArrayBuffer>;
}

interface Answer {
  status: number;
  body: Buffer;
}

/** One version of an object. */
export interface Version {
  key: string;
  versionId: string;
}

export interface Listed {
  key: string;
  bytes: number;
}

/** Attempts per request before the run fails; the waits double from half a second: 16 seconds in all. */
const TRIES = 6;
const FIRST_WAIT_MILLISECONDS = 500;
/** A request has at most 4 MiB. */
const TIMEOUT_MILLISECONDS = 60_000;
/** Credentials are renewed when they expire within this time. */
const RENEWED_MILLISECONDS = 5 * 60_000;

/** Statuses to retry: throttling, a concurrent put of the same key, or an error inside S3. */
const passing = new Set([408, 409, 429, 500, 502, 503, 504]);

/** One bucket. Where: AWS_REGION; AWS_ENDPOINT_URL_S3 for a server that is not AWS's, which is addressed by path. */
export class Bucket {
  readonly name: string;
  readonly #region: string;
  readonly #url: string;
  readonly #giveUp: AbortSignal | undefined;
  #credentials: Promise<Credentials> | undefined;

  /** @param giveUp ends the request, and every further attempt */
  constructor(name: string, giveUp?: AbortSignal) {
    const { AWS_REGION: region = "us-east-1", AWS_ENDPOINT_URL_S3: endpoint } = process.env;
    this.name = name;
    this.#giveUp = giveUp;
    this.#region = region;
    const domain = `s3.${region}.${partitionOf(region).domain}`;
    this.#url = endpoint ? `${endpoint.replace(/\/$/, "")}/${name}` : `https://${name}.${domain}`;
  }

  /**
   * Puts an object unless there is one of that key.
   *
   * @param sha256 of the body, with which S3 compares what arrives
   * @returns whether it was put; else it is there already
   */
  async putIfAbsent(key: string, body: Buffer<ArrayBuffer>, sha256: Buffer): Promise<boolean> {
    const headers = {
      "content-length": String(body.length),
      "if-none-match": "*",
      "x-amz-checksum-sha256": sha256.toString("base64"),
      "x-amz-content-sha256": sha256.toString("hex"),
    };
    return (await this.#ask({ method: "PUT", key, headers, body }, [412])).status !== 412;
  }

  async get(key: string): Promise<Buffer> {
    return (await this.#ask({ method: "GET", key })).body;
  }

  /** An object as it was last put, though the lifecycle has hidden it since: a legal hold keeps such a version. */
  async getHidden(key: string): Promise<Buffer> {
    const answer = await this.#ask({ method: "GET", key }, [404]);
    if (answer.status !== 404) return answer.body;
    for await (const { key: found, versionId } of this.versions(key)) {
      if (found === key) return (await this.#ask({ method: "GET", key, query: { versionId } })).body;
    }
    return this.get(key);
  }

  /** Keeps a version from whatever would delete it, until a person ends that. */
  async hold({ key, versionId }: Version): Promise<void> {
    const body = Buffer.from(
      '<LegalHold xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>ON</Status></LegalHold>',
    );
    const headers = { "x-amz-checksum-sha256": hash("sha256", body, "base64") };
    await this.#ask({ method: "PUT", key, query: { "legal-hold": "", versionId }, headers, body });
  }

  /** Every version under a prefix, by key, the newest of one first; those behind a delete marker too. */
  async *versions(prefix: string): AsyncGenerator<Version> {
    let next: Record<string, string> | undefined = {};
    while (next) {
      const text: string = (
        await this.#ask({ method: "GET", query: { versions: "", prefix, ...next } })
      ).body.toString();
      for (const [, version = ""] of text.matchAll(/<Version>(.*?)<\/Version>/gs)) {
        yield { key: field(version, "Key") ?? "", versionId: field(version, "VersionId") ?? "" };
      }
      const [key, id]: (string | undefined)[] = [field(text, "NextKeyMarker"), field(text, "NextVersionIdMarker")];
      next = key ? { "key-marker": key, ...(id && { "version-id-marker": id }) } : undefined;
    }
  }

  /** Every object under a prefix. Keys that XML would escape are never put by us. */
  async *list(prefix: string): AsyncGenerator<Listed> {
    let next: string | undefined;
    do {
      const query = { "list-type": "2", prefix, ...(next && { "continuation-token": next }) };
      const text = (await this.#ask({ method: "GET", query })).body.toString();
      for (const [, object = ""] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        yield { key: field(object, "Key") ?? "", bytes: Number(field(object, "Size")) };
      }
      next = field(text, "NextContinuationToken");
    } while (next);
  }

  /** @param expected statuses that are an answer too */
  async #ask(request: Request, expected: number[] = []): Promise<Answer> {
    const what = `${request.method} s3://${this.name}/${request.key ?? request.query?.prefix ?? ""}`;
    for (let tried = 1; ; tried++) {
      let failed: string;
      try {
        const answer = await this.#send(request);
        if (answer.status < 300 || expected.includes(answer.status)) return answer;
        failed = `${what}: S3 answers ${answer.status} ${said(answer.body)}`;
        if (!passing.has(answer.status)) throw new Refused(failed);
      } catch (error) {
        if (error instanceof Refused || this.#giveUp?.aborted) throw error;
        failed = `${what}: S3 cannot be reached: ${reason(error as Error)}`;
      }
      if (tried === TRIES) throw new Error(`${failed}; tried ${TRIES} times`);
      await sleep(FIRST_WAIT_MILLISECONDS * 2 ** (tried - 1) * (0.5 + Math.random() / 2), undefined, {
        ...(this.#giveUp && { signal: this.#giveUp }),
      });
    }
  }

  async #send({ method, key = "", query = {}, headers = {}, body }: Request): Promise<Answer> {
    const path = key.split("/").map(encodeURIComponent).join("/");
    const url = `${this.#url}/${path}?${new URLSearchParams(query)}`;
    const signed = await new AwsV4Signer({
      ...(await this.#current()),
      ...{ method, url, headers, service: "s3", region: this.#region },
      ...(body && { body }),
    }).sign();
    const response = await fetch(signed.url, {
      method,
      headers: signed.headers,
      ...(body && { body }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...(this.#giveUp ? [this.#giveUp] : [])]),
    });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  }

  async #current(): Promise<Credentials> {
    const known = await this.#credentials?.catch(() => undefined);
    if (known && (known.expires ?? Number.POSITIVE_INFINITY) > Date.now() + RENEWED_MILLISECONDS) return known;
    this.#credentials = credentials();
    return this.#credentials.catch((error: Error) => {
      throw new Refused(error.message);
    });
  }
}

/** An error that a retry would not change. */
class Refused extends Error {}

function field(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** S3's own message for an error. */
function said(body: Buffer): string {
  const text = body.toString();
  return `${field(text, "Code") ?? ""}: ${field(text, "Message") ?? text.slice(0, 200)}`;
}
