import { bech32 } from "@scure/base";
import {
  type CustomResource,
  configurationKinds,
  type EncryptedSecrets,
} from "../../declaration/configurationKinds.ts";
import type { Configuration } from "../../declaration/datastore.ts";
import { type Fault, redacted } from "../../values/fault.ts";
import { exportedObjects } from "./exportedObjects.ts";
import type { Kind } from "./kind.ts";

export const configuration = {
  faults: configurationFaults,
  faultsIn: () => [],
  reads: () => undefined,
  scratch: () => undefined,
  dataAge: 0,
  continuous: () => undefined,
  drilled: { no: "a restore's dry run is its drill: it shows what it would change" },
  restored: true,
  sql: false,
  server: () => undefined,
  holds: exportedObjects,
} as const satisfies Kind<"configuration">;

const namespaceName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** The form of most names in the API. Source: RFC 1123, as kubernetes.io/docs/concepts/overview/working-with-objects/names cites it. */
const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

function configurationFaults({
  name,
  objects,
  customResources = [],
  secrets,
  recoveryNamespace,
}: Configuration): Fault[] {
  const path = `datastores "${name}"`;
  return [
    ...objectsFaults(objects, `${path} objects`),
    ...customResources.flatMap((one, index) => customFaults(one, `${path} customResources[${index}]`)),
    ...(secrets ? secretsFaults(secrets, `${path} secrets`) : []),
    ...(recoveryNamespace === undefined || namespaceName.test(recoveryNamespace)
      ? []
      : [
          {
            code: "malformed-recovery-namespace",
            path: `${path} recoveryNamespace`,
            got: redacted(recoveryNamespace),
            allowed: "a namespace",
            fix: 'write for example "shop-recovery"',
          },
        ]),
  ];
}

function objectsFaults(objects: readonly string[], path: string): Fault[] {
  const known = Object.keys(configurationKinds);
  const allowed = `one or more of ${known.join(", ")}`;
  if (objects.length === 0)
    return [{ code: "no-configuration-kinds", path, got: "empty", allowed, fix: 'write for example ["ConfigMap"]' }];
  return objects
    .filter((kind) => !known.includes(kind))
    .map((kind) => ({
      ...(kind === "Secret" ? { code: "unencrypted-secrets" } : { code: "unknown-configuration-kind" }),
      path,
      got: redacted(kind),
      allowed,
      fix:
        kind === "Secret"
          ? 'remove it, and declare secrets: { recipient: "age1…" }: Secrets are exported encrypted or not at all'
          : "remove it, or declare it in customResources",
    }));
}

function customFaults({ apiVersion, kind, resource }: CustomResource, path: string): Fault[] {
  const faults: Fault[] = [];
  const check = (field: string, value: string, form: RegExp, allowed: string, example: string) => {
    if (!form.test(value))
      faults.push({
        code: "malformed-custom-resource",
        path: `${path}.${field}`,
        got: redacted(value),
        allowed,
        fix: `write for example "${example}"`,
      });
  };
  check(
    "apiVersion",
    apiVersion,
    /^[a-z0-9][a-z0-9.-]*\.[a-z0-9-]+\/v[a-z0-9]+$/,
    "group and version",
    "example.com/v1",
  );
  check("kind", kind, /^[A-Z][A-Za-z0-9]*$/, "the kind as objects name it", "ShopConfig");
  check("resource", resource, /^[a-z][a-z0-9]*$/, "the plural of the kind as the API's paths name it", "shopconfigs");
  return faults;
}

function secretsFaults({ recipient, names }: EncryptedSecrets, path: string): Fault[] {
  const faults: Fault[] = [];
  const wrong = recipientFault(recipient);
  if (wrong) {
    faults.push({
      ...wrong,
      path: `${path}.recipient`,
      allowed: "an X25519 recipient of age: age1 and 58 characters, of which the last six are its checksum",
      fix: "take the public key that age-keygen -o <file> prints, or age-keygen -y <file> for an identity that exists",
    });
  }
  if (names && (names.length === 0 || !names.every((name) => objectName.test(name)))) {
    faults.push({
      ...(names.length === 0 ? { code: "no-secret-names" } : { code: "malformed-secret-name" }),
      path: `${path}.names`,
      got: names.length === 0 ? "empty" : redacted(names.find((name) => !objectName.test(name))),
      allowed: "names of Secrets",
      fix: "name at least one, or remove names to export all Secrets of the namespace",
    });
  }
  return faults;
}

/**
 * Why no one could decrypt what is encrypted to this recipient; undefined if it is valid. A typing error would be noticed only on the
 * day of the restore. Source: C2SP age.md, "The X25519 recipient type".
 */
function recipientFault(recipient: unknown): Pick<Fault, "code" | "got"> | undefined {
  const malformed = { code: "malformed-recipient" };
  if (typeof recipient !== "string") return { ...malformed, got: redacted(recipient) ?? "missing" };
  if (/^age-secret-key-/i.test(recipient))
    return { code: "identity-as-recipient", got: "an identity, which is secret" };
  // A key never contains a 1: a second one ends the name of another kind of recipient, such as age1pq.
  const kind = /^(age1[a-z0-9]+)1/.exec(recipient)?.[1];
  if (kind) return { code: "recipient-of-another-kind", got: `a recipient of another kind, ${kind}` };
  if (!bech32.decodeUnsafe(recipient))
    return { ...malformed, got: `${recipient.length} characters whose checksum is wrong` };
  const { bytes } = bech32.decodeToBytes(recipient);
  if (!recipient.startsWith("age1") || bytes.length !== 32)
    return { ...malformed, got: `${recipient.length} characters that are not an age public key` };
  return undefined;
}
