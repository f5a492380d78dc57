import { type Answer, ask, type Kind, type KubernetesObject, pathOf, type Status } from "../kubernetes/api.ts";
import { changedPaths } from "./changedPaths.ts";

/** In whose name a restore owns the fields that it sets. */
const MANAGER = "upkeep-restore";

/** What one object became, or would. */
export interface Outcome {
  object: KubernetesObject;
  /** Whether it can be applied, or was. */
  ok: boolean;
  /** Whether anything of it differs from what is there. */
  changes: boolean;
  /** Whether its fields are taken from their owners. */
  forced: boolean;
  /** A line for people, without any value: a Secret's are none of theirs. */
  says: string;
}

/** What an object would become: the API server works it out and keeps nothing. */
export async function compared(
  kinds: Kind[],
  object: KubernetesObject,
  target: string,
  forced: boolean,
): Promise<Outcome> {
  const kind = declared(kinds, object);
  if (!kind) return outcome(object, forced, "refused", "its kind is not declared any more", false);
  const live = await ask<KubernetesObject>("GET", `${pathOf(kind, target)}/${object.metadata.name}`);
  if (live.value === undefined && live.status !== 404) return refused(object, forced, live);
  const after = await apply(kind, object, target, forced, true);
  if (after.value === undefined) return refused(object, forced, after);
  if (live.value === undefined) return outcome(object, forced, "create", "", true);
  const paths = changedPaths(live.value, after.value);
  return paths.length > 0
    ? outcome(object, forced, "change", paths.join(", "), true)
    : { ...outcome(object, forced, "same", "", true), changes: false };
}

export async function applied(
  kinds: Kind[],
  object: KubernetesObject,
  target: string,
  forced: boolean,
): Promise<Outcome> {
  const answer = await apply(declared(kinds, object) as Kind, object, target, forced, false);
  if (answer.value === undefined) return refused(object, forced, answer);
  return outcome(object, forced, answer.status === 201 ? "created" : "changed", "", true);
}

function declared(kinds: Kind[], { kind, apiVersion }: KubernetesObject): Kind | undefined {
  return kinds.find((one) => one.kind === kind && one.apiVersion === apiVersion);
}

function apply(
  kind: Kind,
  object: KubernetesObject,
  target: string,
  force: boolean,
  dryRun: boolean,
): Promise<Answer<KubernetesObject>> {
  const query = new URLSearchParams({
    fieldManager: MANAGER,
    ...(force && { force: "true" }),
    ...(dryRun && { dryRun: "All" }),
  });
  const body = { ...object, metadata: { ...object.metadata, namespace: target } };
  return ask("PATCH", `${pathOf(kind, target)}/${object.metadata.name}?${query}`, body);
}

function refused(object: KubernetesObject, forced: boolean, { status, refusal }: Answer<unknown>): Outcome {
  return status === 409
    ? outcome(object, forced, "conflict", conflicts(refusal), false)
    : outcome(object, forced, "refused", why(object, status, refusal), false);
}

/** Which field has another owner, and which: `conflict with "kubectl-edit" using v1`. */
function conflicts({ message = "", details }: Status): string {
  const causes = details?.causes?.filter(({ reason }) => reason === "FieldManagerConflict") ?? [];
  if (causes.length === 0) return message;
  return causes.map(({ field, message: cause }) => `${field?.replace(/^\./, "")} (${cause})`).join(", ");
}

/** The API's sentence on a Secret may quote what is in it: of that only the fields are told. */
function why({ kind }: KubernetesObject, status: number, { message, reason, details }: Status): string {
  if (kind !== "Secret") return message ?? `status ${status}`;
  const fields = (details?.causes ?? []).map(({ field }) => field).filter((field) => field !== undefined);
  return [`status ${status}`, reason, ...fields].filter((part) => part !== undefined).join(", ");
}

function outcome(object: KubernetesObject, forced: boolean, word: string, detail: string, ok: boolean): Outcome {
  const name = `${object.kind}/${object.metadata.name}`;
  const says = `${word.padEnd(8)}  ${name}${detail ? `: ${detail}` : ""}${forced && ok ? " (taken from its owners)" : ""}`;
  return { object, ok, changes: ok, forced, says };
}
