import { type Answer, ask, type Kind, type KubernetesObject, pathOf, type Status } from "../kubernetes/api.ts";
import { changedPaths } from "./changedPaths.ts";

/** The field manager of a restore. */
const MANAGER = "upkeep-restore";

/** The result of one object, or of its dry run. */
export interface Outcome {
  object: KubernetesObject;
  /** Whether it was applied, or can be. */
  ok: boolean;
  /** Whether it differs from the existing object. */
  changes: boolean;
  /** Whether its fields are taken from their owners. */
  forced: boolean;
  /** A log line without any value, because a Secret's must not be logged. */
  says: string;
}

/** What an object would become, by the API server's dry run. */
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

/** The API's message about a Secret may quote its content, so only the fields are logged. */
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
