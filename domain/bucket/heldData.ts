import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What one kind of resource that holds data may not say. */
interface Setting {
  field: string;
  code: string;
  /** Whether the value lets the data go. */
  isUnsafe(value: unknown): boolean;
  allowed: string;
  fix: string;
}

const forceDestroy: Setting = {
  field: "forceDestroy",
  code: "data-destroyed-with-resource",
  isUnsafe: (value) => value === true,
  allowed: "false: it deletes every object with the resource",
  fix: "remove it",
};

const skipFinalSnapshot: Setting = {
  field: "skipFinalSnapshot",
  code: "data-destroyed-with-resource",
  isUnsafe: (value) => value === true,
  allowed: "false, and finalSnapshotIdentifier: without a last snapshot a deletion is final",
  fix: "remove it, and set finalSnapshotIdentifier",
};

/** In shorter time nobody notices that a key is to be deleted, and with it all that it encrypts. */
const LEAST_KEY_WINDOW_DAYS = 14;

const keyWindow: Setting = {
  field: "deletionWindowInDays",
  code: "key-deleted-too-soon",
  isUnsafe: (value) => typeof value === "number" && value < LEAST_KEY_WINDOW_DAYS,
  allowed: `${LEAST_KEY_WINDOW_DAYS} to 30: what a deleted key encrypted is gone`,
  fix: "set 30",
};

/** Resources that hold data, or the key or password without which data is lost, by the name of their kind. */
const holders: Readonly<Record<string, readonly Setting[]>> = {
  "s3.Bucket": [forceDestroy],
  "kms.Key": [keyWindow],
  "rds.Instance": [skipFinalSnapshot],
  "rds.Cluster": [skipFinalSnapshot],
  "docdb.Cluster": [skipFinalSnapshot],
  "dynamodb.Table": [],
  "efs.FileSystem": [],
  "ebs.Volume": [],
  "backup.Vault": [forceDestroy],
  "core.PersistentVolumeClaim": [],
  "random.RandomPassword": [],
};

/**
 * Faults by which a mistake in a program deletes data: a resource that holds it and is not protected, or that takes its data along.
 *
 * @param kind such as `s3.Bucket`, `kms.Key` or `core.PersistentVolumeClaim`; of any other nothing is asked
 * @param isProtected whether the engine refuses to delete it
 */
export function heldDataFaults(
  kind: string,
  fields: Fields,
  isProtected: boolean,
  attempt: Attempt = runCheck,
): Fault[] {
  const settings = Object.hasOwn(holders, kind) ? holders[kind] : undefined;
  if (settings === undefined) return [];
  return [
    ...(isProtected ? [] : [unprotected]),
    ...settings.flatMap(({ field, code, isUnsafe, allowed, fix }) =>
      attempt(() => {
        const value = fields[field];
        return isUnsafe(value) ? [{ code, path: field, got: String(value), allowed, fix }] : [];
      }),
    ),
  ];
}

const unprotected: Fault = {
  code: "data-unprotected",
  path: "options.protect",
  got: "false",
  allowed: "true: a renamed or removed resource is deleted, and its data with it",
  fix: "set { protect: true } in its options",
};

/** When Kubernetes deletes the claims of a StatefulSet. */
interface ClaimRetention {
  whenDeleted?: string;
  whenScaled?: string;
}

/** Faults of a StatefulSet's claims. @param at path of its specification */
export function claimRetentionFaults(retention: ClaimRetention, at: string): Fault[] {
  return (["whenDeleted", "whenScaled"] as const)
    .filter((when) => retention[when] === "Delete")
    .map((when) => ({
      code: "claims-deleted",
      path: `${at}.persistentVolumeClaimRetentionPolicy.${when}`,
      got: '"Delete"',
      allowed: "Retain: the claims, and the data in them, outlive the StatefulSet and its replicas",
      fix: "remove it, or write Retain",
    }));
}
