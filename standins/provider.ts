import type { Change, Path } from "./changes.ts";
import type { Log } from "./engine.ts";
import type { Properties } from "./values.ts";

/**
 * What a stand-in for a vendor's provider plugin implements; `serve` (serve.ts) does the rest: the wire format, secrets, previews
 * and refusals on other stacks.
 *
 * Handlers see plain objects: secrets revealed, unknown values as UNKNOWN (values.ts), which only a preview has. What they return is
 * marked secret where the inputs were; `secret()` marks more. All but `check`, `replaces` and `deleteBeforeReplace` are called
 * for the stack `sandbox` alone.
 */
export interface Provider {
  /** The vendor's: "kubernetes". */
  name: string;
  /** The npm package's, without "v". */
  version: string;
  /**
   * The handlers of a type token such as "aws:s3/bucket:Bucket"; undefined when there are none.
   * @throws Problem to say more than that the type is not supported
   */
  resource(type: string): Handlers | undefined;
  /** An explicit provider's arguments. Those that are not strings are JSON: `"true"`, `"[{…}]"`. */
  checkConfig?(config: Properties): Checked;
  /** @param config as {@link checkConfig} returned it, secrets revealed */
  configure?(config: Properties, session: Session): void | Promise<void>;
  /** Which changes the vendor calls a difference of inputs; all where it is missing. */
  inputDiff?(change: Change): boolean;
  /** The id, and the outputs beside the inputs, that a created resource would have had. Default: the resource's name, and none. */
  invent?(request: Request, inputs: Properties): Live;
  /** A function such as "aws:iam/getPolicyDocument:getPolicyDocument"; undefined when it is not supported. */
  invoke?(token: string, args: Properties, session: Session): Promise<Properties | undefined>;
}

/** What is the same for every operation of one engine. */
export interface Session {
  stack: string;
  /** Whether the stack is `sandbox`, so that an API may be contacted. */
  online: boolean;
  log: Log;
  /** Aborted when the operation was cancelled: finish writing, then stop. */
  signal: AbortSignal;
}

export interface Handlers {
  /** Fills in defaults and says what is wrong, before anything is diffed or created. Inputs may hold UNKNOWN. */
  check?(request: CheckRequest): Checked | Promise<Checked>;
  /** Whether this changed input can only be had by a new resource. */
  replaces?(path: Path, request: DiffRequest): boolean;
  /** Whether the old resource must be deleted first, such as when both have the same name. */
  deleteBeforeReplace?(request: DiffRequest): boolean;
  /** In a preview: what would exist, with UNKNOWN for what is not known yet; the id is then dropped. */
  create(request: CreateRequest): Promise<Live>;
  /** What really exists, for a refresh or an import; undefined when it does not. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  /** Returns when it is gone, also when it was gone before. */
  delete(request: DeleteRequest): Promise<void>;
}

export interface Request {
  urn: string;
  type: string;
  /** The last part of the urn: the resource's name in the program. */
  name: string;
  session: Session;
}

export interface CheckRequest extends Request {
  inputs: Properties;
  /** Of the last `up`; empty when there was none. */
  oldInputs: Properties;
}

export interface Checked {
  inputs: Properties;
  failures?: Failure[];
}

export interface Failure {
  /** Where, in Pulumi's spelling: "spec.containers[0].image". */
  path: string;
  reason: string;
}

export interface DiffRequest extends Request {
  id: string;
  inputs: Properties;
  oldInputs: Properties;
  state: Properties;
  /** All changes from `oldInputs` to `inputs`. */
  changes: Change[];
}

interface WriteRequest extends Request {
  inputs: Properties;
  preview: boolean;
  /** From `customTimeouts`; 0 when there is none. */
  timeoutSeconds: number;
}

export type CreateRequest = WriteRequest;

export interface UpdateRequest extends WriteRequest {
  id: string;
  state: Properties;
  oldInputs: Properties;
}

export interface ReadRequest extends Request {
  id: string;
  /** As of the last `up`; undefined in an import. */
  state: Properties | undefined;
  inputs: Properties | undefined;
}

export interface DeleteRequest extends Request {
  id: string;
  state: Properties;
  inputs: Properties;
  timeoutSeconds: number;
}

export interface Live {
  id: string;
  state: Properties;
}

export interface ReadResult extends Live {
  /** The inputs that would make it: what the program's are compared with at the next preview. */
  inputs: Properties;
}

/** The resource exists but does not work yet: it is recorded with its reasons, and the next `up` calls `update`. */
export class InitializationFailed extends Error {
  readonly live: Live | ReadResult;
  readonly reasons: string[];

  /** @param live with inputs where a read found it so */
  constructor(live: Live | ReadResult, reasons: string[]) {
    super(`it exists, but did not become ready: ${reasons.join("; ")}`);
    this.live = live;
    this.reasons = reasons;
  }
}
