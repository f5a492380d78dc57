import type { PolicyResource } from "@pulumi/policy";
import {
  type BucketFields,
  backupBucketFaults,
  backupSettingKinds,
  bucketAclFaults,
  bucketShape,
  lockedLifecycleFaults,
  logBucketFaults,
  namesBackups,
  type OptionalKind,
  optionalFaults,
  optionalKinds,
  type SettingFields,
  type SettingKind,
  settingFaults,
  settingKinds,
  settingShape,
} from "../domain/bucket/bucketHardening.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { shaped } from "../domain/values/shape.ts";
import { defineStackPolicy } from "./defineStackPolicy.ts";
import { known, notKnown, readIn } from "./unknownPath.ts";

const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const kinds = [...settingKinds, ...optionalKinds];

/** The deprecated tokens that end with V2 have the same settings. */
function typesOf(kind: SettingKind | OptionalKind): string[] {
  const module = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
  return [`aws:s3/${module}:${kind}`, `aws:s3/${module}V2:${kind}V2`];
}

export const bucketHardened = defineStackPolicy({
  name: "bucket-hardened",
  description: "Stored data stays private, can be recovered after a mistake, and backups cannot be deleted too soon.",
  severity: "critical",
  blocks: "all",
  types: [...buckets, ...kinds.flatMap(typesOf)],
  faults: (stack) => {
    const settings = new Map(kinds.map((kind) => [kind, stack.filter(isOf(kind))]));
    const ofStack = stack.filter(({ type }) => buckets.includes(type));
    return (resource, guard) => {
      const kind = kinds.find((one) => isOf(one)(resource));
      if (kind !== undefined) return elsewhereFaults(kind, resource, ofStack, guard);
      const bucket = shaped<BucketFields>(outputs(resource), bucketShape);
      const judged = settingKinds.filter((kind) => !backupSettingKinds.includes(kind));
      return [
        ...judged.flatMap((kind) => guard(() => faultsOf(kind))),
        ...guard(() => bucketAclFaults(bucket)),
        ...guard(() =>
          isForBackups(resource, bucket)
            ? [
                ...guard(() => backupBucketFaults(bucket)),
                ...backupSettingKinds.flatMap((kind) => guard(() => faultsOf(kind))),
                ...guard(() => {
                  const [lock, lifecycle] = backupSettingKinds.map(ownSetting);
                  return readIn("BucketLifecycleConfiguration", () => lockedLifecycleFaults(lock, lifecycle));
                }),
              ]
            : [],
        ),
        ...optionalKinds.flatMap((kind) =>
          guard(() => {
            const setting = ownSetting(kind);
            return setting ? readIn(kind, () => optionalFaults(kind, setting, bucket)) : [];
          }),
        ),
        ...guard(() =>
          holdsLogs(settings.get("BucketLogging") ?? [], resource)
            ? logBucketFaults(ownSetting("BucketLifecycleConfiguration"), ownSetting("BucketPolicy"))
            : [],
        ),
      ];

      function ownSetting(kind: SettingKind | OptionalKind) {
        return settingOf(kind, settings.get(kind) ?? [], resource);
      }

      function faultsOf(kind: SettingKind) {
        return readIn(kind, () => settingFaults(kind, ownSetting(kind), bucket));
      }
    };
  },
});

/** Faults of a setting whose bucket is not in the stack; those of any other are its bucket's. */
function elsewhereFaults(
  kind: SettingKind | OptionalKind,
  resource: PolicyResource,
  ofStack: PolicyResource[],
  attempt: Attempt,
): Fault[] {
  return attempt(() => {
    const located = locate(resource);
    if (ofStack.some((bucket) => belongsTo(located, bucket))) return [];
    const { of } = located;
    if (of === undefined) {
      // The stack's own buckets say already that it may be theirs.
      if (ofStack.length > 0) return [];
      throw notKnown("bucket");
    }
    const setting = shaped<SettingFields>(outputs(resource), settingShape, kind);
    const bucket = { bucket: of };
    return isOptional(kind) ? optionalFaults(kind, setting, bucket) : settingFaults(kind, setting, bucket);
  });
}

function isOptional(kind: SettingKind | OptionalKind): kind is OptionalKind {
  return (optionalKinds as readonly string[]).includes(kind);
}

/** Buckets of Upkeep's own components are for backups, whatever their name. */
function isForBackups({ parent }: PolicyResource, bucket: BucketFields): boolean {
  const own = ["upkeep:backup:BackupBucket", "upkeep:backup:BackupReplica"];
  return own.includes(parent?.type ?? "") || namesBackups(bucket.bucket ?? "");
}

/** Whether another bucket's access logs go to this one, by its name or by the dependency of the target. */
function holdsLogs(loggings: PolicyResource[], bucket: PolicyResource): boolean {
  const name = known(() => bucket.props.bucket);
  return loggings.some(({ props, propertyDependencies }) => {
    const target = known(() => props.targetBucket);
    if (target !== undefined && name !== undefined) return target === name;
    return (propertyDependencies.targetBucket ?? []).some(({ urn }) => urn === bucket.urn);
  });
}

function isOf(kind: SettingKind | OptionalKind): (resource: PolicyResource) => boolean {
  const types = typesOf(kind);
  return ({ type }) => types.includes(type);
}

/**
 * The setting that belongs to the bucket: matched by the bucket's name, or, if a preview does not know the name yet, by the dependency of
 * the setting's argument.
 *
 * @throws UnknownValueError if none matches, but one of them may belong to any bucket
 */
function settingOf(
  kind: SettingKind | OptionalKind,
  settings: PolicyResource[],
  bucket: PolicyResource,
): SettingFields | undefined {
  const located = settings.map(locate);
  const own = located.find((setting) => belongsTo(setting, bucket));
  if (own) return shaped<SettingFields>(outputs(own.setting), settingShape, kind);
  if (located.some(({ of, from }) => of === undefined && from.length === 0)) throw notKnown("bucket");
  return undefined;
}

interface Located {
  setting: PolicyResource;
  /** Name of its bucket, if known. */
  of: string | undefined;
  /** The bucket that its argument comes from. */
  from: PolicyResource[];
}

function locate(setting: PolicyResource): Located {
  const of = known(() => setting.props.bucket);
  const from = (setting.propertyDependencies.bucket ?? []).filter(({ type }) => buckets.includes(type));
  return { setting, of: typeof of === "string" ? of : undefined, from };
}

function belongsTo({ of, from }: Located, bucket: PolicyResource): boolean {
  const name = known(() => bucket.props.bucket);
  return of !== undefined && name !== undefined ? of === name : from.some(({ urn }) => urn === bucket.urn);
}

/**
 * A resource's outputs. In a preview, a bridged Terraform provider omits every output with an unknown value inside. Such an output must
 * read as unknown, not as unset.
 */
function outputs({ props, propertyDependencies }: PolicyResource): object {
  return new Proxy(props, {
    get(target, key) {
      const value = Reflect.get(target, key);
      // Every bucket, and every setting of one, has the bucket's name once it exists.
      const comes = key === "bucket" || (propertyDependencies[String(key)] ?? []).length > 0;
      if (value === undefined && comes) throw notKnown(String(key));
      return value;
    },
  });
}
