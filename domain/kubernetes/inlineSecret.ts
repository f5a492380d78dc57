import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import {
  assignedCredential,
  commandCredential,
  configuredCredential,
  credentialIn,
  type Finding,
  fileCredential,
  namedCredential,
} from "./credential.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A part of an object, with its path and its parent. */
interface Place {
  path: string;
  /** Keys of the path, without list indices: `env`, `value`. */
  keys: readonly string[];
}

/**
 * Credentials in clear text in a Kubernetes object: anyone who may read the object, the stack's state or the program can read them. Of
 * Secrets, only Alertmanager's configuration is checked: other values belong in Secrets.
 *
 * @param kind such as `ConfigMap`
 * @param object the object as it will be deployed
 * @returns one fault for each text that holds a credential, naming its path and never its value
 */
export function inlineSecretFaults(kind: string, object: Fields, attempt: Attempt = runCheck): Fault[] {
  const annotations = attempt(() => annotationFaults(kind, object, attempt));
  if (kind === "Secret") return [...annotations, ...alertmanagerFaults(object, attempt)];
  const parts = Object.keys(object).filter((key) => !["metadata", "apiVersion", "kind"].includes(key));
  return [
    ...annotations,
    ...parts.flatMap((key) => attempt(() => faultsIn(object[key], { path: key, keys: [key] }, kind, attempt))),
  ];
}

/** kubectl's copy of the object as it was applied. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function annotationFaults(kind: string, { metadata }: Fields, attempt: Attempt): Fault[] {
  const annotations = ((metadata as Fields | undefined)?.annotations ?? {}) as Fields;
  if (typeof annotations !== "object") return [];
  return Object.keys(annotations).flatMap((name) =>
    attempt(() =>
      textFault(annotations[name], `metadata.annotations["${plain(name)}"]`, (text) =>
        name === LAST_APPLIED ? appliedCredential(kind, text) : credentialIn(text),
      ),
    ),
  );
}

function appliedCredential(kind: string, text: string): Finding | undefined {
  try {
    const applied: unknown = JSON.parse(text);
    const faults = typeof applied === "object" && applied !== null ? inlineSecretFaults(kind, applied as Fields) : [];
    return faults.length > 0 ? { kind: "applied", words: "a copy of the object that has a credential" } : undefined;
  } catch {
    return credentialIn(text);
  }
}

function alertmanagerFaults(secret: Fields, attempt: Attempt): Fault[] {
  const entries = (fields: Fields | undefined, name: string, read: (text: string) => string) =>
    Object.keys(fields ?? {})
      .filter((key) => /^alertmanager\.ya?ml$/.test(key))
      .flatMap((key) =>
        attempt(() =>
          textFault(fields?.[key], `${name}["${key}"]`, (text) => {
            const configuration = read(text);
            return credentialIn(configuration) ?? configuredCredential(configuration, "always");
          }),
        ),
      );
  return [
    ...attempt(() => entries(secret.stringData as Fields, "stringData", (text) => text)),
    ...attempt(() => entries(secret.data as Fields, "data", decoded)),
  ];
}

/** A text of base64; empty if it is none, which the API server refuses. */
function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function faultsIn(value: unknown, place: Place, kind: string, attempt: Attempt): Fault[] {
  if (typeof value === "string") return textFault(value, place.path, (text) => findingAt(place, kind, text));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Fields;
  const list = Array.isArray(value);
  return [
    ...(list
      ? flagFaults(value, place, attempt)
      : [...attempt(() => variableFault(fields, place)), ...commandFaults(fields, place, attempt)]),
    // By key, so that an unknown value does not hide the others.
    ...Object.keys(fields).flatMap((key) =>
      attempt(() => faultsIn(fields[key], inside(fields, key, place, list, attempt), kind, attempt)),
    ),
  ];
}

function inside(fields: Fields, key: string, { path, keys }: Place, list: boolean, attempt: Attempt): Place {
  if (list) return { path: `${path}[${nameOf(fields[key], attempt) ?? key}]`, keys };
  return { path: /^[\w-]{1,80}$/.test(key) ? `${path}.${key}` : `${path}["${plain(key)}"]`, keys: [...keys, key] };
}

function findingAt({ keys }: Place, kind: string, text: string): Finding | undefined {
  const found = credentialIn(text);
  if (found) return found;
  const [section, entry = ""] = keys;
  if (kind === "ConfigMap" && section === "data") return inEntry(entry, text);
  if (kind === "ConfigMap" && section === "binaryData") {
    const content = decoded(text);
    return credentialIn(content) ?? inEntry(entry, content);
  }
  if (isHelm.test(kind) && section === "values") return namedCredential(keys.at(-1) ?? "", text);
  return isCommand(keys) ? (assignedCredential(text) ?? commandCredential(text)) : undefined;
}

/** Resources whose `values` become the objects of a chart. */
const isHelm = /^(?:Release|Chart)$/;

function inEntry(entry: string, text: string): Finding | undefined {
  const inFile = isProgram(entry)
    ? (assignedCredential(text) ?? commandCredential(text))
    : (configuredCredential(text, "where it looks so") ?? fileCredential(entry, text));
  return namedCredential(entry, text) ?? inFile;
}

function isCommand(keys: readonly string[]): boolean {
  return ["command", "args"].includes(keys.at(-1) ?? "");
}

function isProgram(entry: string): boolean {
  return /\.(?:sh|bash|js|cjs|mjs|ts|py|rb|pl|lua|sql)$/.test(entry);
}

/** An environment variable, or a header that a probe sends: its name shows whether its value is secret. */
function variableFault(fields: Fields, { path, keys }: Place): Fault[] {
  const names = Object.keys(fields);
  const named = ["env", "httpHeaders"].includes(keys.at(-1) ?? "") && names.includes("name") && names.includes("value");
  const name = named ? fields.name : undefined;
  return typeof name === "string" ? textFault(fields.value, `${path}.value`, (text) => unlessFormed(name, text)) : [];
}

/** A credential among the options of a container's command, whose words are in two lists. */
function commandFaults(fields: Fields, { path }: Place, attempt: Attempt): Fault[] {
  const places = (["command", "args"] as const).flatMap((list) => {
    const words = Object.keys(fields).includes(list) ? wordsOf(fields, list, attempt) : [];
    return words.map((word, index) => ({ word, path: `${path}.${list}[${index}]` }));
  });
  // A shell's text is judged by itself.
  if (places.some(({ word }) => commandCredential(word))) return [];
  const last = places.findIndex((_, index) => {
    const words = places.slice(Math.max(0, index - MOST_WORDS), index + 1).map(({ word }) => word);
    return commandCredential(words.join(" ")) !== undefined;
  });
  const found = places[last];
  return found
    ? textFault(found.word, found.path, () => commandCredential(places.map(({ word }) => word).join(" ")))
    : [];
}

/** Words of a command that are read together. */
const MOST_WORDS = 20;

function wordsOf(fields: Fields, list: string, attempt: Attempt): string[] {
  const words: string[] = [];
  attempt(() => {
    const all = fields[list];
    if (!Array.isArray(all) || all.length > 200) return [];
    for (const index of Object.keys(all).map(Number)) words.push(typeof all[index] === "string" ? all[index] : "");
    return [];
  });
  return words;
}

/** A flag and its value as two words of a command: `--password`, `…`. */
function flagFaults(words: readonly unknown[], { path, keys }: Place, attempt: Attempt): Fault[] {
  if (!isCommand(keys)) return [];
  return Object.keys(words)
    .map(Number)
    .flatMap((index) =>
      attempt(() => {
        const flag = index > 0 ? words[index - 1] : undefined;
        if (typeof flag !== "string" || !/^--?[a-z][\w-]*$/i.test(flag) || String(words[index]).startsWith("-"))
          return [];
        return textFault(words[index], `${path}[${index}]`, (text) => unlessFormed(flag, text));
      }),
    );
}

/** By name only: values with a known form are reported already. */
function unlessFormed(name: string, text: string): Finding | undefined {
  return credentialIn(text) ? undefined : namedCredential(name, text);
}

function textFault(value: unknown, path: string, find: (text: string) => Finding | undefined): Fault[] {
  const found = typeof value === "string" ? find(value) : undefined;
  if (found === undefined) return [];
  return [
    {
      code: "inline-credential",
      path,
      got: `${(value as string).length} characters with ${found.words}`,
      allowed: "no credential in clear text",
      fix: "keep it in a Secret that the program does not create, and refer to that: secretKeyRef, a mounted file, $(NAME)",
    },
  ];
}

function nameOf(element: unknown, attempt: Attempt): string | undefined {
  if (typeof element !== "object" || element === null || !Object.keys(element).includes("name")) return undefined;
  let name: string | undefined;
  attempt(() => {
    const own = (element as Fields).name;
    if (typeof own === "string") name = `name=${plain(own)}`;
    return [];
  });
  return name;
}

/** A name in a form that a path may show. */
function plain(name: string): string {
  return /^[\w./-]{1,100}$/.test(name) && !credentialIn(name) ? name : "*";
}
