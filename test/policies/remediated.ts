import { createRequire } from "node:module";
import * as sdk from "@pulumi/policy";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

// What the SDK's server does around a remediation; its package exports neither.
const { deserializeProperties, serializeProperties } = createRequire(import.meta.url)(
  "@pulumi/policy/deserialize.js",
) as {
  deserializeProperties(properties: object, proxySecrets: boolean): Record<string, unknown>;
  serializeProperties(properties: object): Promise<Record<string, unknown>>;
};
const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: <T extends object>(value: T) => T };

/** The signature that marks a secret between engine and SDK. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A secret, as the engine sends it. */
export function secret(value: unknown) {
  return { [SIGNATURE]: SECRET, value };
}

/** A resource, and whose it is. */
export interface Remediable {
  type: string;
  name?: string;
  ours?: boolean;
  given?: object;
}

/** What a policy makes of a resource's inputs at the level `remediate`, as the engine gets them; undefined if it changes nothing. */
export async function remediated(
  policy: sdk.ResourceValidationPolicy,
  { type, name = "nightly", ours = true, given = {} }: Remediable,
  inputs: object,
): Promise<Record<string, unknown> | undefined> {
  const sent = struct.Struct.fromJavaScript(inputs as Record<string, JavaScriptValue>);
  const props = unknownCheckingProxy(deserializeProperties(sent, true));
  const urn = `urn:pulumi:prod::shop::${ours ? "upkeep:backup:PostgresBackup$" : ""}${type}::${name}`;
  const args = { ...{ type, name, urn, props, opts: {} }, getConfig: () => given };
  const result = await policy.remediateResource?.(args as unknown as sdk.ResourceValidationArgs);
  return result ? await serializeProperties(result) : undefined;
}
