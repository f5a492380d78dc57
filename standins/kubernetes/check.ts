import { Problem } from "../../cli/common/problem.ts";
import type { Checked, CheckRequest, Failure } from "../provider.ts";
import { isObject, type Properties, UNKNOWN } from "../values.ts";
import { typeOf, withSecrets } from "./objects.ts";

/** @throws Problem for a type that is no single object of the API, with what to write instead */
export function refuseUnsupported(token: string): void {
  const [, module = "", kind = ""] = token.split(":");
  const refuse = (instead: string) => {
    throw new Problem(`the sandbox's stand-in for kubernetes does not support ${token}; ${instead}`);
  };
  if (/^helm\.sh\//.test(module)) refuse("declare the objects that the chart renders, or use the vendor's plugin");
  if (/^(yaml|kustomize)(\/|$)/.test(module)) refuse("declare the objects themselves, or use the vendor's plugin");
  if (kind.endsWith("Patch")) refuse("it changes objects that others own; use the vendor's plugin");
  if (kind.endsWith("List")) refuse("the vendor's plugin refuses it too; declare the objects themselves");
  if (!module.includes("/")) refuse("declare an object by its apiVersion and kind");
}

export function check({ type, inputs }: CheckRequest): Checked {
  const object = mergeStringData({ ...typeOf(type), ...inputs });
  return { inputs: withSecrets(object), failures: missingName(object) };
}

/** A name generated in `Check` differs in every preview, and is lost with the engine: the object would be made twice. */
function missingName({ metadata }: Properties): Failure[] {
  if (metadata === UNKNOWN) return [];
  const { name, generateName } = isObject(metadata) ? metadata : {};
  const reason = "the sandbox's stand-in for kubernetes generates no names; set metadata.name";
  if (generateName !== undefined) return [{ path: "metadata.generateName", reason }];
  return name === undefined || name === "" ? [{ path: "metadata.name", reason: `is missing: ${reason}` }] : [];
}

/** As the vendor and the API server do: `stringData` is only another way to write `data`. */
function mergeStringData(object: Properties): Properties {
  const { stringData, data, ...rest } = object;
  if (rest.kind !== "Secret" || rest.apiVersion !== "v1" || !isObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, value === UNKNOWN ? UNKNOWN : base64(value)]);
  return { ...rest, data: { ...(isObject(data) ? data : {}), ...Object.fromEntries(encoded) } };
}

function base64(value: unknown): string {
  return Buffer.from(String(value)).toString("base64");
}
