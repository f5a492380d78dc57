/**
 * Compares a backup of configuration with a namespace and, if confirmed, applies it there, object by object, after a dry run by the API
 * server. It reports fields of other managers and leaves them alone; it deletes nothing.
 *
 * Where: the Node image; on a laptop Node beside `kubectl proxy`, whose address API names. Environment: NAMESPACE, of the backup;
 * KINDS, as for the export; TARGET_NAMESPACE, default NAMESPACE; DRY_RUN=1, to compare only; CONFIRM, the target's
 * name, to apply; FORCE, such as "ConfigMap/shop Deployment/web", to take fields of these objects from their owners;
 * IDENTITY, an age identity that reads the Secrets, or SECRETS=skip. SCRATCH is /scratch where not set.
 * Reads /scratch/manifest.json and /scratch/backup.jsonl, which the step before fetched.
 * Ends with 64: a parameter is missing or wrong, and nothing was applied; 1: an object could not be compared or applied.
 */
import { readFileSync } from "node:fs";
import { lines } from "../backup/jsonLines.ts";
import type { Kind, KubernetesObject } from "../kubernetes/api.ts";
import { applied, compared, type Outcome } from "./apply.ts";

const scratch = process.env.SCRATCH ?? "/scratch";

/** Armored age in, text out. */
export type Decrypt = (age: string) => Promise<string>;

/** A parameter that is missing or invalid. */
class Refusal extends Error {}

/** Pods come last, after the objects that they read. */
const last = ["DaemonSet", "Deployment", "StatefulSet"];

interface Parameters {
  target: string;
  kinds: Kind[];
  apply: boolean;
  forced: string[];
  identity: string | undefined;
  skipSecrets: boolean;
}

function parameters(): Parameters {
  const { NAMESPACE, KINDS, TARGET_NAMESPACE, DRY_RUN, CONFIRM, FORCE, IDENTITY, SECRETS } = process.env;
  const target = TARGET_NAMESPACE || (NAMESPACE as string);
  if (CONFIRM && CONFIRM !== target) {
    throw new Refusal(`CONFIRM is "${CONFIRM}" and the target is namespace "${target}": CONFIRM must be its name`);
  }
  if (DRY_RUN && DRY_RUN !== "1") throw new Refusal(`DRY_RUN is "${DRY_RUN}": set it to 1, or not at all`);
  if (SECRETS && SECRETS !== "skip") throw new Refusal(`SECRETS is "${SECRETS}": set it to skip, or not at all`);
  return {
    target,
    kinds: JSON.parse(KINDS ?? "[]") as Kind[],
    apply: CONFIRM === target && DRY_RUN !== "1",
    forced: (FORCE ?? "").split(/\s+/).filter((name) => name !== ""),
    // As age-keygen writes it: comments, then the identity on a line of its own.
    identity: IDENTITY?.split("\n").find((line) => line.startsWith("AGE-SECRET-KEY-1")),
    skipSecrets: SECRETS === "skip",
  };
}

async function decrypted(
  all: KubernetesObject[],
  { identity, skipSecrets }: Parameters,
  decryptWith?: (identity: string) => Decrypt,
): Promise<KubernetesObject[]> {
  const encrypted = all.filter(({ age }) => age !== undefined);
  if (encrypted.length === 0 || skipSecrets) return all.filter(({ age }) => age === undefined);
  if (!decryptWith) {
    throw new Refusal(
      `the backup holds ${encrypted.length} encrypted Secrets, and this job decrypts none, for its datastore declares no recipient: set SECRETS=skip, or restore them with programs/configuration/restore-secrets.ts`,
    );
  }
  if (!identity) {
    throw new Refusal(
      `the backup holds ${encrypted.length} encrypted Secrets and IDENTITY holds no age identity: make the job's Secret of it, or set SECRETS=skip`,
    );
  }
  const decrypt = decryptWith(identity);
  return Promise.all(
    all.map(async (object) => {
      if (object.age === undefined) return object;
      const text = await decrypt(object.age as string).catch(() => {
        throw new Refusal(`${nameOf(object)} cannot be decrypted: IDENTITY is not that of the backup's recipient`);
      });
      return JSON.parse(text) as KubernetesObject;
    }),
  );
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;

async function run(decryptWith?: (identity: string) => Decrypt): Promise<void> {
  const given = parameters();
  const { target, kinds, apply, forced } = given;
  const { startedAt, recipient } = JSON.parse(readFileSync(`${scratch}/manifest.json`, "utf8"));
  const objects = await decrypted(
    lines<KubernetesObject>(readFileSync(`${scratch}/backup.jsonl`, "utf8")),
    given,
    decryptWith,
  );
  objects.sort((a, b) => Number(last.includes(a.kind)) - Number(last.includes(b.kind)));
  const stray = forced.find((name) => !objects.some((object) => nameOf(object) === name));
  if (stray) throw new Refusal(`FORCE names ${stray}, which the backup does not hold`);

  console.log(
    `backup of ${startedAt}, ${objects.length} objects${recipient ? `, Secrets encrypted to ${recipient}` : ""}`,
  );
  console.log(`what namespace ${target} would become:`);
  const outcomes: Outcome[] = [];
  for (const object of objects) {
    const outcome = await compared(kinds, object, target, forced.includes(nameOf(object)));
    console.log(outcome.says);
    outcomes.push(outcome);
  }
  const failed = outcomes.filter(({ ok }) => !ok).length;
  if (!apply) {
    if (process.env.DRY_RUN !== "1") {
      throw new Refusal(`nothing was applied: set CONFIRM=${target} to apply, or DRY_RUN=1 to compare only`);
    }
    if (failed > 0) throw new Error(`${failed} of ${objects.length} objects could not be applied as they are`);
    return;
  }

  console.log(`applied to namespace ${target}:`);
  let missed = failed;
  for (const { ok, changes, object, forced: taken } of outcomes) {
    if (!ok || !changes) continue;
    const { ok: done, says } = await applied(kinds, object, target, taken);
    console.log(says);
    if (!done) missed += 1;
  }
  if (missed > 0) {
    throw new Error(
      `${missed} of ${objects.length} objects were not applied; the others are. Where a field has another owner: change it there, or name the object in FORCE`,
    );
  }
}

/** @param decryptWith creates the decrypter for an identity; undefined in pods without encryption code */
export function restoreConfiguration(decryptWith?: (identity: string) => Decrypt): void {
  run(decryptWith).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof Refusal ? 64 : 1;
  });
}
