import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../problem.ts";
import {
  type CreateRequest,
  type DeleteRequest,
  InitializationFailed,
  type Live,
  type UpdateRequest,
} from "../provider.ts";
import { hasUnknown, type Properties } from "../values.ts";
import { type Api, ApiError, NoSuchKind, Unreachable } from "./api.ts";
import type { WriteOptions } from "./config.ts";
import { adoptFields, onlyAdopted } from "./fieldManagers.ts";
import {
  annotation,
  fieldManager,
  idOf,
  type KubernetesObject,
  parseId,
  stateOf,
  typeOf,
  withUnassigned,
} from "./objects.ts";
import { awaitReady, timeout } from "./readiness.ts";

/** Waits between attempts to create what lacks its namespace or its CRD, which the same program may be creating. */
const RETRY_SECONDS = [1, 2, 4, 8];

const DELETE_TIMEOUT_SECONDS = 300;
const DELETE_POLL_MILLISECONDS = 200;

/** Reads and writes the objects of one cluster as the vendor's plugin does. */
export class Writer {
  readonly #api: Api;
  readonly #options: WriteOptions;

  constructor(api: Api, options: WriteOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** By POST, so that an object that exists is an error: it may be someone else's. */
  async create(request: CreateRequest): Promise<Live> {
    const inputs = request.inputs as KubernetesObject;
    const manager = fieldManager(request.urn, inputs);
    if (request.preview) {
      const dryRun = await this.#preview(request, inputs, ["AlreadyExists", "Forbidden", "NotFound"], () =>
        this.#post(inputs, manager, true),
      );
      return { id: "", state: dryRun ? stateOf(dryRun, manager) : request.inputs };
    }
    const write = () =>
      this.#options.upsert ? this.#apply(inputs, manager, false) : this.#post(inputs, manager, false);
    const written = await explain(`create ${idOf(inputs)}`, () => retried(write, request.session.signal));
    return await this.#ready(written, request, manager);
  }

  /** By server-side apply: a field that another manager owns is a conflict, and one that is no longer declared goes. */
  async update(request: UpdateRequest): Promise<Properties> {
    const inputs = request.inputs as KubernetesObject;
    const manager = fieldManager(request.urn, inputs, request.state);
    if (request.preview) {
      const dryRun = await this.#preview(request, inputs, ["Forbidden"], () => this.#replace(inputs, manager, true));
      return dryRun ? stateOf(dryRun, manager) : request.inputs;
    }
    const written = await explain(`update ${idOf(inputs)}`, () => this.#replace(inputs, manager, false));
    return (await this.#ready(written, request, manager)).state;
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { name, namespace } = parseId(request.id);
    const inputs = { metadata: {}, ...typeOf(request.type), ...request.inputs } as KubernetesObject;
    const metadata = namespace === undefined ? {} : { namespace };
    const propagationPolicy = annotation(inputs, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    const policy = propagationPolicy.charAt(0).toUpperCase() + propagationPolicy.slice(1).toLowerCase();
    const gone = await explain(`delete ${request.id}`, async () => {
      const path = await this.#api.path({ ...inputs, metadata }, name);
      const deleted = await this.#api.call("DELETE", path, { body: { propagationPolicy: policy } });
      return await this.#gone(path, uidOf(deleted), request, inputs);
    }).catch((error) => {
      if (error instanceof NoSuchKind || isRefusal(error, "NotFound")) return true;
      throw error;
    });
    if (!gone)
      throw new Problem(`${request.id} is being deleted, but is still there: something holds it by a finalizer`);
  }

  async #gone(
    path: string,
    uid: string | undefined,
    request: DeleteRequest,
    inputs: KubernetesObject,
  ): Promise<boolean> {
    const seconds = request.timeoutSeconds || DELETE_TIMEOUT_SECONDS;
    const deadline = Date.now() + timeout({ inputs, timeoutSeconds: seconds }) * 1000;
    while (Date.now() < deadline && !request.session.signal.aborted) {
      const live = await this.#api.call("GET", path);
      if (uid !== undefined && live.metadata.uid !== uid) return true;
      await sleep(DELETE_POLL_MILLISECONDS);
    }
    return false;
  }

  async #post(inputs: KubernetesObject, manager: string, dryRun: boolean): Promise<KubernetesObject> {
    const query = { fieldManager: manager, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return await this.#api.call("POST", await this.#api.path(inputs), { body: inputs, query });
  }

  async #apply(
    inputs: KubernetesObject,
    manager: string,
    dryRun: boolean,
    force = this.#forced(inputs),
  ): Promise<KubernetesObject> {
    const query = {
      fieldManager: manager,
      fieldValidation: "Strict",
      force: String(force),
      dryRun: dryRun ? "All" : undefined,
    };
    const path = await this.#api.path(inputs, inputs.metadata.name);
    return await this.#api.call("PATCH", path, { body: inputs, query, contentType: "application/apply-patch+yaml" });
  }

  async #replace(inputs: KubernetesObject, manager: string, dryRun: boolean): Promise<KubernetesObject> {
    const path = await this.#api.path(inputs, inputs.metadata.name);
    const live = await this.#api.call("GET", path);
    if (inputs.kind === "CustomResourceDefinition") return await this.#put(path, inputs, live, manager, dryRun);
    if (!dryRun) {
      await adoptFields(this.#api, path, live, manager);
      return await this.#apply(inputs, manager, false);
    }
    try {
      return await this.#apply(inputs, manager, true);
    } catch (error) {
      if (onlyAdopted(error)) return await this.#apply(inputs, manager, true, true);
      throw error;
    }
  }

  /** A CRD's schema is replaced as a whole: what is left out goes, whoever owned it. */
  async #put(path: string, inputs: KubernetesObject, live: KubernetesObject, manager: string, dryRun: boolean) {
    const metadata = { ...inputs.metadata, resourceVersion: live.metadata.resourceVersion };
    const query = { fieldManager: manager, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return await this.#api.call("PUT", path, { body: { ...inputs, metadata }, query });
  }

  #forced(inputs: KubernetesObject): boolean {
    return this.#options.force || annotation(inputs, "pulumi.com/patchForce") === "true";
  }

  /**
   * A dry run's result; undefined where it can say nothing: a value is not known yet, the API cannot be reached, the kind's CRD or the
   * namespace does not exist yet. What the API refuses only because this is a preview is one of `swallowed`.
   */
  async #preview(
    request: CreateRequest,
    inputs: KubernetesObject,
    swallowed: string[],
    dryRun: () => Promise<KubernetesObject>,
  ): Promise<KubernetesObject | undefined> {
    if (hasUnknown(inputs)) return undefined;
    try {
      return withUnassigned(await dryRun(), inputs);
    } catch (error) {
      if (error instanceof NoSuchKind || swallowed.some((reason) => isRefusal(error, reason))) return undefined;
      if (!(error instanceof Unreachable)) throw explained(`preview ${idOf(inputs)}`, error);
      await request.session.log("warning", `${error.message}; this preview shows what the program says`, request.urn);
      return undefined;
    }
  }

  async #ready(written: KubernetesObject, request: CreateRequest, manager: string): Promise<Live> {
    const { session, timeoutSeconds } = request;
    const path = await this.#api.path(written, written.metadata.name);
    const inputs = request.inputs as KubernetesObject;
    const [live, reasons] = await awaitReady(written, {
      api: this.#api,
      path,
      inputs,
      timeoutSeconds,
      signal: session.signal,
    });
    const result = { id: idOf(live), state: stateOf(live, manager) };
    if (reasons.length > 0) throw new InitializationFailed(result, reasons);
    return result;
  }
}

async function retried<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const seconds of RETRY_SECONDS) {
    try {
      return await write();
    } catch (error) {
      const mayCome = error instanceof NoSuchKind || isRefusal(error, "NotFound");
      if (!mayCome || signal.aborted) throw error;
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
    }
  }
  return await write();
}

async function explain<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explained(what, error);
  }
}

/** The API's own text, after what was tried, and what to do about the refusals that have one remedy. */
function explained(what: string, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const remedies: Record<string, string> = {
    AlreadyExists:
      "import it, give this one another name, or adopt it once with PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true",
    Conflict: 'stop declaring these fields, or take them over with the annotation pulumi.com/patchForce: "true"',
  };
  const remedy = remedies[error.reason];
  error.message = `the API server refused to ${what}: ${error.message}${remedy ? `; ${remedy}` : ""}`;
  return error;
}

function isRefusal(error: unknown, reason: string): boolean {
  return error instanceof ApiError && error.reason === reason;
}

/** Deleting answers with the object while a finalizer holds it, and with a Status once it is gone. */
function uidOf(answer: Properties): string | undefined {
  const { kind, details, metadata } = answer as { kind?: string; details?: Properties; metadata?: Properties };
  return (kind === "Status" ? details?.uid : metadata?.uid) as string | undefined;
}
