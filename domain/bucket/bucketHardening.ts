import { DATA_OUTLIVES_MANIFEST_DAYS } from "../backup/retention.ts";
import { type Fault, redacted } from "../values/fault.ts";
import type { Shape } from "../values/shape.ts";

/** The required settings of an S3 bucket, by the name of the resource (aws.s3) that sets each. */
export const settingKinds = [
  "BucketVersioning",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketOwnershipControls",
  "BucketPolicy",
  "BucketObjectLockConfiguration",
  "BucketLifecycleConfiguration",
] as const;

export type SettingKind = (typeof settingKinds)[number];

/** Optional settings, checked if a bucket has them. */
export const optionalKinds = ["BucketAcl", "BucketLogging", "BucketReplicationConfig"] as const;

export type OptionalKind = (typeof optionalKinds)[number];

/** The checked properties of a bucket itself. */
export interface BucketFields {
  bucket?: string;
  objectLockEnabled?: boolean;
  acl?: string;
  /** The deprecated arguments that did what settings do; each is set or not. */
  versioning?: object;
  serverSideEncryptionConfiguration?: object;
  policy?: string;
  lifecycleRules?: readonly object[];
  objectLockConfiguration?: object;
}

/** The deprecated argument of a bucket itself that does what a setting does. */
const inlineOf: Partial<Record<SettingKind, keyof BucketFields>> = {
  BucketVersioning: "versioning",
  BucketServerSideEncryptionConfiguration: "serverSideEncryptionConfiguration",
  BucketPolicy: "policy",
  BucketLifecycleConfiguration: "lifecycleRules",
  BucketObjectLockConfiguration: "objectLockConfiguration",
};

/** All properties of settings that the rules read; each kind has some of them. */
export interface SettingFields {
  versioningConfiguration?: { status?: string };
  blockPublicAcls?: boolean;
  blockPublicPolicy?: boolean;
  ignorePublicAcls?: boolean;
  restrictPublicBuckets?: boolean;
  rule?: { objectOwnership?: string; defaultRetention?: { mode?: string; days?: number; years?: number } };
  rules?: readonly (LifecycleRule &
    ReplicationRule & { applyServerSideEncryptionByDefault?: { sseAlgorithm?: string } })[];
  targetBucket?: string;
  /** JSON. */
  policy?: string;
  acl?: string;
  accessControlPolicy?: { grants?: readonly { grantee?: { uri?: string } }[] };
}

/** The fields of a bucket that rules read. */
export const bucketShape: Shape = { bucket: "text", objectLockEnabled: "boolean", acl: "text", policy: "text" };

/** The fields of its settings that rules read. */
export const settingShape: Shape = {
  versioningConfiguration: { status: "text" },
  blockPublicAcls: "boolean",
  blockPublicPolicy: "boolean",
  ignorePublicAcls: "boolean",
  restrictPublicBuckets: "boolean",
  rule: { objectOwnership: "text", defaultRetention: { mode: "text", days: "number", years: "number" } },
  rules: [
    {
      status: "text",
      prefix: "text",
      filter: { prefix: "text", and: { prefix: "text" } },
      expiration: { days: "number" },
      deleteMarkerReplication: { status: "text" },
      destination: { bucket: "text" },
      applyServerSideEncryptionByDefault: { sseAlgorithm: "text" },
    },
  ],
  targetBucket: "text",
  policy: "text",
  acl: "text",
  accessControlPolicy: { grants: [{ grantee: { uri: "text" } }] },
};

interface LifecycleRule {
  status?: string;
  filter?: { prefix?: string; and?: { prefix?: string } };
  prefix?: string;
  expiration?: { days?: number };
}

interface ReplicationRule {
  deleteMarkerReplication?: { status?: string };
  destination?: { bucket?: string };
}

type Rule = (setting: SettingFields, bucket: BucketFields) => Fault[];

/** Whether a bucket of that name holds backups: `backup` or `backups` is a word of it. */
export function namesBackups(bucket: string): boolean {
  return /(^|[.-])backups?([.-]|$)/.test(bucket);
}

/** The lock must be set on a backup bucket itself: it is hard to turn on later. */
export function backupBucketFaults({ objectLockEnabled }: BucketFields): Fault[] {
  return objectLockEnabled === true
    ? []
    : [wrong({ code: "object-lock-off" }, "objectLockEnabled", objectLockEnabled, "true", "set it to true")];
}

/** The settings that only a bucket of backups needs. */
export const backupSettingKinds: readonly SettingKind[] = [
  "BucketObjectLockConfiguration",
  "BucketLifecycleConfiguration",
];

/**
 * Faults of one setting of a bucket.
 *
 * @param setting undefined if the bucket has no setting of the kind
 */
export function settingFaults(kind: SettingKind, setting: SettingFields | undefined, bucket: BucketFields): Fault[] {
  if (setting) return rules[kind](setting, bucket).map((fault) => ({ ...fault, path: `${kind}.${fault.path}` }));
  const inline = inlineOf[kind];
  if (inline !== undefined && isSet(bucket[inline])) {
    return [
      {
        code: "bucket-setting-inline",
        path: inline,
        got: "set on the bucket itself",
        allowed: `an aws.s3.${kind} instead: the argument is deprecated, and the two undo each other`,
        fix: "move it there, without the argument",
      },
    ];
  }
  return [
    {
      code: "missing-bucket-setting",
      path: kind,
      got: undefined,
      allowed: purposes[kind],
      fix: `add an aws.s3.${kind} for this bucket`,
    },
  ];
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
}

/** Faults of the access list that a bucket's own argument sets. */
export function bucketAclFaults({ acl }: BucketFields): Fault[] {
  return isPublicAcl(acl) ? [publicAcl("acl", acl)] : [];
}

/** Canned access lists that let everyone read or write. */
function isPublicAcl(acl: string | undefined): boolean {
  return ["public-read", "public-read-write", "authenticated-read"].includes(acl ?? "");
}

function publicAcl(path: string, got: string | undefined): Fault {
  const allowed = "none: BucketOwnershipControls with BucketOwnerEnforced turns access lists off";
  return wrong({ code: "bucket-acl-public" }, path, got, allowed, "remove it, and let a policy name who may read");
}

/** Faults of an optional setting. */
export function optionalFaults(kind: OptionalKind, setting: SettingFields, bucket: BucketFields): Fault[] {
  return optionalRules[kind](setting, bucket).map((fault) => ({ ...fault, path: `${kind}.${fault.path}` }));
}

const optionalRules: Record<OptionalKind, Rule> = {
  BucketAcl: ({ acl, accessControlPolicy }) => [
    ...(isPublicAcl(acl) ? [publicAcl("acl", acl)] : []),
    ...(accessControlPolicy?.grants ?? []).flatMap(({ grantee }, index) =>
      /\/(?:AllUsers|AuthenticatedUsers)$/.test(grantee?.uri ?? "")
        ? [publicAcl(`accessControlPolicy.grants[${index}].grantee.uri`, "everyone")]
        : [],
    ),
  ],
  BucketReplicationConfig: ({ rules = [] }, { bucket }) =>
    rules.flatMap(({ status, deleteMarkerReplication, destination }, index) => {
      if (status !== "Enabled") return [];
      const faults: Fault[] = [];
      const path = `rules[${index}]`;
      if (destination?.bucket?.replace(/^arn:aws[\w-]*:/, "arn:aws:") === `arn:aws:s3:::${bucket}`) {
        faults.push(
          wrong(
            { code: "replication-to-itself" },
            `${path}.destination.bucket`,
            "the bucket itself",
            "another bucket",
            "name the second copy",
          ),
        );
      }
      if (deleteMarkerReplication?.status === "Enabled") {
        const allowed = "Disabled: a delete marker here would hide the second copy too";
        faults.push(
          wrong(
            { code: "delete-markers-replicated" },
            `${path}.deleteMarkerReplication.status`,
            "Enabled",
            allowed,
            "set Disabled",
          ),
        );
      }
      return faults;
    }),
  BucketLogging: ({ targetBucket }, { bucket }) => {
    if (targetBucket === undefined)
      return [wrong({ code: "logs-without-target" }, "targetBucket", undefined, "a log bucket", "name one")];
    if (targetBucket !== bucket && !namesBackups(targetBucket)) return [];
    const allowed = "a log bucket: log delivery can neither lock objects nor write them conditionally";
    return [
      wrong(
        { code: "logs-into-backups" },
        "targetBucket",
        targetBucket === bucket ? "the bucket itself" : "a bucket for backups",
        allowed,
        "name one",
      ),
    ];
  },
};

/** Faults of a bucket that receives access logs, besides those of every bucket. */
export function logBucketFaults(lifecycle: SettingFields | undefined, policy: SettingFields | undefined): Fault[] {
  const expires = lifecycle?.rules?.some(
    ({ status, expiration }) => status === "Enabled" && (expiration?.days ?? 0) > 0,
  );
  const lets = statementsOf(policy?.policy ?? "{}").filter(
    ({ Effect, Principal }) =>
      Effect === "Allow" && JSON.stringify(Principal ?? "").includes("logging.s3.amazonaws.com"),
  );
  const anybodys = lets.filter(
    ({ Condition = {} }) =>
      !Object.values(Condition).some((keys) =>
        Object.keys(keys).some((key) => key.toLowerCase() === "aws:sourceaccount"),
      ),
  );
  return [
    ...(expires
      ? []
      : [
          {
            code: "logs-never-expire",
            path: "BucketLifecycleConfiguration",
            got: "without a rule that expires logs",
            allowed: "an enabled rule with expiration.days: old logs are not read",
            fix: "add one, such as 400 days",
          },
        ]),
    ...(anybodys.length === 0
      ? []
      : [
          {
            code: "logs-of-any-account",
            path: "BucketPolicy.policy",
            got: "letting S3 write the logs of any account's bucket",
            allowed: "log delivery under a condition on aws:SourceAccount",
            fix: 'add StringEquals with "aws:SourceAccount", and ArnLike with "aws:SourceArn"',
          },
        ]),
  ];
}

/** Conflicts between a lifecycle and a lock. */
export function lockedLifecycleFaults(lock: SettingFields | undefined, lifecycle: SettingFields | undefined): Fault[] {
  const { days = 0, years = 0 } = lock?.rule?.defaultRetention ?? {};
  const locked = days + 365 * years;
  const homes = (lifecycle?.rules ?? []).map(prefixOf);
  return (lifecycle?.rules ?? []).flatMap((rule) => {
    const kept = rule.expiration?.days ?? 0;
    const prefix = prefixOf(rule);
    if (rule.status !== "Enabled" || kept === 0 || kept >= locked || !coversBackups(prefix, homes)) return [];
    const name = /^[\w/.-]{1,100}$/.test(prefix) ? prefix : "";
    return [
      {
        code: "expires-while-locked",
        path: `BucketLifecycleConfiguration.rules[${name}].expiration.days`,
        got: String(kept),
        allowed: `${locked} or more, as long as the bucket's lock keeps every version: an earlier expiration hides the backup without deleting it`,
        fix: "make the lock no longer than the shortest tier",
      },
    ];
  });
}

/** Whether a prefix has backups below it, or is below them. @param homes the prefixes of all rules */
function coversBackups(prefix: string, homes: readonly string[]): boolean {
  return (
    prefix === "" ||
    ofBackups.test(`${prefix}/`) ||
    homes.some((home) => ofBackups.test(home) && home.startsWith(prefix))
  );
}

/** Folders of Upkeep's own layout, and of others that say so. */
const ofBackups = /(^|\/)(manifests|data|backups?)\//;

const purposes: Record<SettingKind, string> = {
  BucketVersioning: "one that keeps what is overwritten",
  BucketPublicAccessBlock: "one that blocks every kind of public access",
  BucketServerSideEncryptionConfiguration: "one that says how objects are encrypted",
  BucketOwnershipControls: "one that turns access lists off",
  BucketPolicy: "one that denies access without TLS",
  BucketObjectLockConfiguration: "one that keeps backups from being deleted too soon",
  BucketLifecycleConfiguration: "one that deletes backups when they have been kept long enough",
};

const rules: Record<SettingKind, Rule> = {
  BucketVersioning: ({ versioningConfiguration }) =>
    oneOf({ code: "versioning-off" }, "versioningConfiguration.status", versioningConfiguration?.status, ["Enabled"]),
  BucketPublicAccessBlock: (setting) =>
    (["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const)
      .filter((flag) => setting[flag] !== true)
      .map((flag) => wrong({ code: "public-access-allowed" }, flag, setting[flag], "true", "set it to true")),
  BucketServerSideEncryptionConfiguration: ({ rules }) =>
    oneOf(
      { code: "unknown-encryption" },
      "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
      rules?.[0]?.applyServerSideEncryptionByDefault?.sseAlgorithm,
      ["aws:kms", "aws:kms:dsse", "AES256"],
    ),
  BucketOwnershipControls: ({ rule }) =>
    oneOf({ code: "access-lists-on" }, "rule.objectOwnership", rule?.objectOwnership, ["BucketOwnerEnforced"]),
  BucketPolicy: ({ policy }, { bucket }) => [...plainHttp(policy, bucket), ...everyone(policy)],
  BucketObjectLockConfiguration: ({ rule }) => {
    const retention = rule?.defaultRetention;
    if (!retention)
      return [
        wrong(
          { code: "lock-without-retention" },
          "rule.defaultRetention",
          retention,
          "a mode with days or years",
          "set both",
        ),
      ];
    const { mode, days = 0, years = 0 } = retention;
    return [
      ...oneOf({ code: "unknown-lock-mode" }, "rule.defaultRetention.mode", mode, ["GOVERNANCE", "COMPLIANCE"]),
      ...(days > 0 || years > 0
        ? []
        : [wrong({ code: "lock-without-retention" }, "rule.defaultRetention.days", undefined, "1 or more", "set it")]),
    ];
  },
  BucketLifecycleConfiguration: ({ rules = [] }) => lifecycleFaults(rules),
};

function plainHttp(policy: string | undefined, bucket: string | undefined): Fault[] {
  if (policy !== undefined && deniesPlainHttp(policy, bucket)) return [];
  const allowed = `a statement that denies "*" the action s3:* on the bucket and its objects where aws:SecureTransport is "false"`;
  return [
    {
      code: "plain-http-allowed",
      path: "policy",
      got: policy === undefined ? undefined : "without the denial of plain HTTP",
      allowed,
      fix: "add that statement, with no other condition in it",
    },
  ];
}

/** A statement that lets everyone do something, under no condition. */
function everyone(policy: string | undefined): Fault[] {
  const open = statementsOf(policy ?? "{}").some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" && isEveryone(Principal) && Object.keys(Condition ?? {}).length === 0,
  );
  if (!open) return [];
  const allowed = "named principals, or a condition such as aws:PrincipalOrgID";
  return [{ code: "policy-allows-everyone", path: "policy", got: 'allowing "*"', allowed, fix: "name who needs it" }];
}

/** A manifest must not outlive its data. */
function lifecycleFaults(rules: readonly LifecycleRule[]): Fault[] {
  const enabled = rules.filter(({ status }) => status === "Enabled");
  if (enabled.length === 0) {
    return [
      {
        code: "no-lifecycle-rule",
        path: "rules",
        got: "without one that is enabled",
        allowed: "one rule or more",
        fix: "enable one",
      },
    ];
  }
  // Such as database/manifests/daily/: datastore and tier. The data of a volume's manifests has no tier.
  const homes = enabled.flatMap((rule) => {
    const [, home, kind, tier] = /^(.*)(manifests|data)\/((?:\w+\/)?)$/.exec(prefixOf(rule)) ?? [];
    if (home === undefined || tier === undefined) return [];
    const judgedByTier =
      kind === "data" && tier === "" && enabled.some((other) => prefixOf(other).startsWith(`${home}manifests/`));
    return judgedByTier ? [] : [JSON.stringify([home, tier])];
  });
  return [...goldenFaults(enabled), ...dataFaults(enabled, [...new Set(homes)])];
}

/** The golden copy remains when everything else has expired. */
function goldenFaults(enabled: readonly LifecycleRule[]): Fault[] {
  const golden = enabled.map(prefixOf).filter((prefix) => /(^|\/)golden\//.test(prefix));
  return enabled.flatMap((rule) => {
    if (!(rule.expiration?.days && golden.some((home) => home.startsWith(prefixOf(rule))))) return [];
    const path = `rules[${/^[\w/.-]{1,100}$/.test(prefixOf(rule)) ? prefixOf(rule) : ""}].expiration.days`;
    const allowed = "none: the golden copy must remain when every backup has expired";
    return [
      {
        code: "golden-copy-expires",
        path,
        got: String(rule.expiration.days),
        allowed,
        fix: "remove it; expire noncurrent versions instead",
      },
    ];
  });
}

function dataFaults(enabled: readonly LifecycleRule[], homes: readonly string[]): Fault[] {
  return homes.flatMap((key) => {
    const [home, tier] = JSON.parse(key) as [string, string];
    const [manifests, data] = [`manifests/${tier}`, `data/${tier}`].map((folder) =>
      keptDays(enabled, home + folder),
    ) as [number, number];
    if (data === Number.POSITIVE_INFINITY || data >= manifests + DATA_OUTLIVES_MANIFEST_DAYS) return [];
    const name = /^[\w/.-]{1,100}$/.test(home) ? home : "";
    const least = Number.isFinite(manifests) ? `${manifests + DATA_OUTLIVES_MANIFEST_DAYS} days or more` : "for ever";
    const allowed = `${least}: what ${name}manifests/${tier} names must still exist`;
    const fix = `keep data ${DATA_OUTLIVES_MANIFEST_DAYS} days longer than manifests`;
    return [
      {
        code: "data-expires-before-manifest",
        path: `rules[${name}data/${tier}].expiration.days`,
        got: String(data),
        allowed,
        fix,
      },
    ];
  });
}

/** Days after which the first of the rules expires objects under a prefix. */
function keptDays(rules: readonly LifecycleRule[], prefix: string): number {
  const days = rules.filter((rule) => prefix.startsWith(prefixOf(rule))).map(({ expiration }) => expiration?.days || 0);
  return Math.min(...days.filter((count) => count > 0), Number.POSITIVE_INFINITY);
}

function prefixOf({ filter, prefix }: LifecycleRule): string {
  return filter?.prefix ?? filter?.and?.prefix ?? prefix ?? "";
}

interface Statement {
  Effect?: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Whether a bucket policy denies everyone everything over unencrypted connections. */
function deniesPlainHttp(policy: string, bucket: string | undefined): boolean {
  return statementsOf(policy).some(({ Effect, Principal, Action, Resource, Condition }) => {
    const everyone = isEveryone(Principal);
    const everything = listOf(Action).some((action) => action === "*" || action === "s3:*");
    const [[operator, test] = [], ...otherOperators] = Object.entries(Condition ?? {});
    const [[key, value] = [], ...otherKeys] = Object.entries(test ?? {});
    const onlyWithoutTls =
      /^Bool(IfExists)?$/.test(operator ?? "") &&
      key?.toLowerCase() === "aws:securetransport" &&
      String(listOf(value)) === "false" &&
      otherOperators.length + otherKeys.length === 0;
    const arn = `arn:aws:s3:::${bucket}`;
    const everywhere = [arn, `${arn}/any`].every((one) => listOf(Resource).some((pattern) => covers(pattern, one)));
    return Effect === "Deny" && everyone && everything && onlyWithoutTls && everywhere;
  });
}

function isEveryone(principal: unknown): boolean {
  return principal === "*" || listOf((principal as { AWS?: unknown } | undefined | null)?.AWS).includes("*");
}

function statementsOf(policy: string): Statement[] {
  try {
    const document = JSON.parse(policy) as { Statement?: Statement | Statement[] } | null;
    return listOf(document?.Statement).filter((statement) => typeof statement === "object" && statement !== null);
  } catch {
    return [];
  }
}

/** IAM writes a list with one item as that item. */
function listOf<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Whether a resource pattern of IAM covers an ARN, in whichever partition it is. */
function covers(pattern: unknown, arn: string): boolean {
  const parts = String(pattern)
    .replace(/^arn:aws[\w-]*:/, "arn:aws:")
    .split("*")
    .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}

/** Code of the fault. */
type Kind = Pick<Fault, "code">;

function oneOf(kind: Kind, path: string, value: string | undefined, allowed: string[]): Fault[] {
  if (value !== undefined && allowed.includes(value)) return [];
  return [wrong(kind, path, value, allowed.join(", "), `set ${allowed[0]}`)];
}

function wrong(kind: Kind, path: string, value: unknown, allowed: string, fix: string): Fault {
  return { ...kind, path, got: redacted(value), allowed, fix };
}
