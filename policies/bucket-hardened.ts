import type { PolicyResource } from "@pulumi/policy";
import {
  type BucketFields,
  backupBucketFaults,
  backupSettingKinds,
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
} from "../domain/bucket/bucketHardening.ts";
import { defineStackPolicy } from "./defineStackPolicy.ts";
import { known, notKnown, readIn } from "./unknownPath.ts";

const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

export const bucketHardened = defineStackPolicy({
  name: "bucket-hardened",
  description: "Stored data stays private, can be recovered after a mistake, and backups cannot be deleted too soon.",
  severity: "critical",
  types: buckets,
  faults: (stack) => {
    const settings = new Map([...settingKinds, ...optionalKinds].map((kind) => [kind, stack.filter(isOf(kind))]));
    return (resource, guard) => {
      const bucket = outputs(resource) as BucketFields;
      const judged = settingKinds.filter((kind) => !backupSettingKinds.includes(kind));
      return [
        ...judged.flatMap((kind) => guard(() => faultsOf(kind))),
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
        return settingOf(settings.get(kind) ?? [], resource);
      }

      function faultsOf(kind: SettingKind) {
        return readIn(kind, () => settingFaults(kind, ownSetting(kind), bucket));
      }
    };
  },
});

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

/** The deprecated tokens that end with V2 have the same settings. */
function isOf(kind: SettingKind | OptionalKind): (resource: PolicyResource) => boolean {
  return ({ type }) => type.startsWith("aws:s3/") && type.split(":").at(-1)?.replace(/V2$/, "") === kind;
}

/**
 * The setting that belongs to the bucket: matched by the bucket's name, or, if a preview does not know the name yet, by the dependency of
 * the setting's argument.
 *
 * @throws UnknownValueError if none matches, but one of them may belong to any bucket
 */
function settingOf(settings: PolicyResource[], bucket: PolicyResource): SettingFields | undefined {
  const name = known(() => bucket.props.bucket);
  const located = settings.map((setting) => ({
    setting,
    of: known(() => setting.props.bucket),
    from: (setting.propertyDependencies.bucket ?? []).filter(({ type }) => buckets.includes(type)),
  }));
  const own = located.find(({ of, from }) =>
    of !== undefined && name !== undefined ? of === name : from.some(({ urn }) => urn === bucket.urn),
  );
  if (own) return outputs(own.setting) as SettingFields;
  if (located.some(({ of, from }) => of === undefined && from.length === 0)) throw notKnown("bucket");
  return undefined;
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
