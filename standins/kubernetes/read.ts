import { InitializationFailed, type ReadRequest, type ReadResult } from "../provider.ts";
import { isObject, type Properties } from "../values.ts";
import { type Api, ApiError, NoSuchKind } from "./api.ts";
import { fieldManager, inputsOf, type KubernetesObject, parseId, stateOf, typeOf, withSecrets } from "./objects.ts";
import { unready } from "./readiness.ts";

/** What exists; undefined when it was deleted, or its CRD was. */
export async function read(api: Api, request: ReadRequest): Promise<ReadResult | undefined> {
  const { name, namespace } = parseId(request.id);
  const old = { ...typeOf(request.type), ...request.inputs } as KubernetesObject;
  try {
    const path = await api.path({ ...old, metadata: namespace === undefined ? {} : { namespace } }, name);
    const live = await api.call("GET", path);
    const result = resultOf(live, request);
    if (request.inputs === undefined) return result;
    const reasons = await unready(live, { api, path, inputs: old, signal: request.session.signal });
    if (reasons.length > 0) throw new InitializationFailed(result, reasons);
    return result;
  } catch (error) {
    if (error instanceof NoSuchKind || (error instanceof ApiError && error.status === 404)) return undefined;
    throw error;
  }
}

function resultOf(live: KubernetesObject, { id, urn, inputs, state }: ReadRequest): ReadResult {
  const manager = fieldManager(urn, (inputs ?? live) as KubernetesObject, state);
  const seen = inputs === undefined ? inputsOf(live) : merge(inputs, state ?? {}, live);
  return { id, state: stateOf(live, manager), inputs: withSecrets(seen as Properties) };
}

/**
 * The inputs with what was changed by hand. Compared is the object as it was after the last `up` with the object as it is: what the API
 * server fills in or writes differently ("1000m", "1") is in both, and so is no change. Fields that the program never declared are omitted,
 * and so are elements after as many as it declared: the vendor does not find what others append to a list.
 */
export function merge(input: unknown, before: unknown, now: unknown): unknown {
  if (isObject(input)) {
    if (now === undefined && before === undefined) return input;
    if (!isObject(now)) return now;
    const was = isObject(before) ? before : {};
    const entries = Object.entries(input).map(([key, value]) => [key, merge(value, was[key], now[key])]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (JSON.stringify(before) === JSON.stringify(now)) return input;
  if (!Array.isArray(input) || !Array.isArray(now)) return now;
  const was = Array.isArray(before) ? before : [];
  return now.slice(0, input.length).map((value, index) => merge(input[index], was[index], value));
}
