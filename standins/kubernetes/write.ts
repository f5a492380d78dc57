import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../cli/common/problem.ts";
import type { CreateRequest, DeleteRequest, Live, UpdateRequest } from "../provider.ts";
import { InitializationFailed } from "../provider.ts";
import { hasUnknown, type Properties } from "../values.ts";
import { type Api, NoSuchKind, Unreachable } from "./api.ts";
import type { WriteOptions } from "./config.ts";
import { annotation, fieldManager, idOf, type KubernetesObject, parseId, stateOf, typeOf } from "./objects.ts";
import { awaitReady, timeout } from "./readiness.ts";
import { explain, isRefusal } from "./refusals.ts";
import { apply, post, update, type Write } from "./requests.ts";

/** Waits between attempts to create what lacks its namespace or its CRD, which the same program may be creating. */
const RETRY_SECONDS = [1, 2, 4, 8];

const DELETE_TIMEOUT_SECONDS = 600;
const DELETE_POLL_MILLISECONDS = 200;

/** Creates, updates and deletes the objects of one cluster as the vendor's plugin does. */
export class Writer {
  readonly #api: Api;
  readonly #options: WriteOptions;
  #warned = false;

  constructor(api: Api, options: WriteOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** By POST, so that an object that exists is an error: it may be someone else's. */
  async create(request: CreateRequest): Promise<Live> {
    const write = this.#write(request);
    if (request.preview) {
      // These are not errors yet: the engine may delete before it replaces, and rights and namespaces may be created first.
      const dryRun = await this.#preview(request, ["AlreadyExists", "Forbidden", "NotFound"], () =>
        post(this.#api, write),
      );
      // Its uid, creation time and drawn ports are known values here, and others when it is created: as with the vendor.
      return { id: "", state: dryRun ? stateOf(dryRun, write.manager) : request.inputs };
    }
    const send = this.#options.upsert ? apply : post;
    const { signal } = request.session;
    const written = await explain(`create ${idOf(write.object)}`, () => retried(() => send(this.#api, write), signal));
    return await this.#ready(written, request, write.manager);
  }

  /** By server-side apply: a field that another manager owns is a conflict, and one that is no longer declared is removed. */
  async update(request: UpdateRequest): Promise<Properties> {
    const write = this.#write(request, request.state);
    if (request.preview) {
      const dryRun = await this.#preview(request, ["Forbidden"], () => update(this.#api, write));
      return dryRun ? stateOf(dryRun, write.manager) : request.inputs;
    }
    const written = await explain(`update ${idOf(write.object)}`, () => update(this.#api, write));
    return (await this.#ready(written, request, write.manager)).state;
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { name, namespace } = parseId(request.id);
    const inputs = { metadata: {}, ...typeOf(request.type), ...request.inputs } as KubernetesObject;
    const policy = annotation(inputs, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    const propagationPolicy = policy.charAt(0).toUpperCase() + policy.slice(1).toLowerCase();
    try {
      const metadata = namespace === undefined ? {} : { namespace };
      const path = await this.#api.path({ ...inputs, metadata }, name);
      const { metadata: deleted } = await explain(`delete ${request.id}`, async () => {
        const live = await this.#api.call("GET", path);
        await this.#api.call("DELETE", path, { body: { propagationPolicy } });
        return live;
      });
      await this.#gone(path, deleted.uid, request, inputs);
    } catch (error) {
      if (!(error instanceof NoSuchKind) && !isRefusal(error, "NotFound")) throw error;
    }
  }

  /** Waits for an answer NotFound, or for another object of this name. */
  async #gone(path: string, uid: string | undefined, request: DeleteRequest, inputs: KubernetesObject): Promise<void> {
    const seconds = timeout({ inputs, timeoutSeconds: request.timeoutSeconds }, DELETE_TIMEOUT_SECONDS);
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline && !request.session.signal.aborted) {
      const live = await this.#api.call("GET", path);
      if (live.metadata.uid !== uid) return;
      await sleep(DELETE_POLL_MILLISECONDS);
    }
    throw new Problem(
      `${request.id} is being deleted but is still there after ${seconds} s: a finalizer holds it, or the controller that removes it does not run`,
    );
  }

  #write({ urn, inputs, preview }: CreateRequest, state?: Properties): Write {
    const object = inputs as KubernetesObject;
    return { object, manager: fieldManager(urn, object, state), dryRun: preview, force: this.#options.force };
  }

  /**
   * A dry run's result; undefined where it can say nothing: a value is not known yet, the API cannot be reached, or the kind's CRD does
   * not exist yet.
   *
   * @param swallowed reasons for which the API refuses a preview but may accept the real thing
   */
  async #preview(
    request: CreateRequest,
    swallowed: string[],
    dryRun: () => Promise<KubernetesObject>,
  ): Promise<KubernetesObject | undefined> {
    if (hasUnknown(request.inputs)) return undefined;
    try {
      return await explain(`accept ${idOf(request.inputs as KubernetesObject)}`, dryRun);
    } catch (error) {
      if (error instanceof Unreachable) await this.#warn(error, request);
      else if (!(error instanceof NoSuchKind) && !swallowed.some((reason) => isRefusal(error, reason))) throw error;
      return undefined;
    }
  }

  /** Once: it is the same for every object. */
  async #warn(error: Unreachable, { session }: CreateRequest): Promise<void> {
    if (this.#warned) return;
    this.#warned = true;
    await session.log("warning", `${error.message}; this preview shows what the program says, unchecked`);
  }

  async #ready(written: KubernetesObject, request: CreateRequest, manager: string): Promise<Live> {
    const { session, timeoutSeconds } = request;
    const path = await this.#api.path(written, written.metadata.name);
    const inputs = request.inputs as KubernetesObject;
    const waiting = { api: this.#api, path, inputs, timeoutSeconds, signal: session.signal };
    const { live, reasons } = await awaitReady(written, waiting);
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
