import assert from "node:assert/strict";
import { bucketHardened } from "../../policies/bucket-hardened.ts";
import { BUCKET, compliantBucket, settingType } from "./buckets.ts";
import { judgeStack, type StackResource, UNKNOWN, unknownIn } from "./judge.ts";
import { set } from "./set.ts";

const judged = (stack: StackResource[]) => judgeStack(bucketHardened, stack);
/** Kind and place of each fault. */
const found = (stack: StackResource[]) =>
  judged(stack).flatMap(({ faults }) => (faults ?? []).map(({ code, path }) => [code, path]));
const levels = (stack: StackResource[]) => judged(stack).map(({ enforcementLevel }) => enforcementLevel);

const one = (stack: StackResource[], name: string): StackResource => {
  const found = stack.find((resource) => resource.name === name);
  assert.ok(found, name);
  return found;
};

/** The compliant bucket with one value of one of its resources changed, undefined removing. */
function bucketWith(resource: string, path: string, value: unknown): StackResource[] {
  const stack = compliantBucket();
  set(one(stack, resource).props, path, value);
  return stack;
}

const withoutSetting = (kind: string) => compliantBucket().filter(({ name }) => name !== kind);

/** A bucket policy with one statement. */
function policyOf(changes: object): string {
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::shop-backups", "arn:aws:s3:::shop-backups/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...changes }] });
}

/** The compliant bucket locked and kept for other times. */
function lockedFor(defaultRetention: object, days: number): StackResource[] {
  const stack = bucketWith("BucketObjectLockConfiguration", "rule.defaultRetention", defaultRetention);
  set(one(stack, "BucketLifecycleConfiguration").props, "rules.0.expiration.days", days);
  set(one(stack, "BucketLifecycleConfiguration").props, "rules.1.expiration.days", days + 2);
  return stack;
}

/** A lifecycle of two tiers, with parts beside them that both name. */
function withParts(days: number): StackResource[] {
  const rule = (prefix: string, expires: number) => ({
    status: "Enabled",
    filter: { prefix: `files/${prefix}` },
    expiration: { days: expires },
  });
  const rules = [rule("manifests/daily/", 30), rule("manifests/monthly/", 365), rule("data/", days)];
  return bucketWith("BucketLifecycleConfiguration", "rules", rules);
}

/** The compliant bucket with a second copy and a log bucket. @param replication what differs in its rule @param log what differs in its target */
function loggedAndReplicated(replication: object, log: object, logs = logBucket()): StackResource[] {
  const rule = {
    status: "Enabled",
    deleteMarkerReplication: { status: "Disabled" },
    destination: { bucket: "arn:aws:s3:::shop-backups-copy" },
    ...replication,
  };
  const setting = (kind: string, props: object): StackResource => ({
    type: settingType(kind),
    name: kind,
    props: { bucket: "shop-backups", ...props },
    from: { bucket: ["bucket"] },
  });
  return [
    ...compliantBucket(),
    ...logs,
    setting("BucketReplicationConfig", { rules: [rule] }),
    setting("BucketLogging", { targetBucket: "shop-logs", targetPrefix: "access/", ...log }),
  ];
}

/** A bucket that S3 may write the logs of one account's buckets to, and that forgets them. */
function logBucket(): StackResource[] {
  const kept = compliantBucket("shop-logs").filter(({ name }) => name !== "BucketObjectLockConfiguration");
  const stack = kept.map((resource) => ({
    ...resource,
    name: `logs-${resource.name}`,
    from: { bucket: ["logs-bucket"] },
  }));
  const lets = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::shop-logs/*",
    Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
  };
  const tls = JSON.parse(policyIn(stack));
  set(one(stack, "logs-BucketPolicy").props, "policy", JSON.stringify({ ...tls, Statement: [...tls.Statement, lets] }));
  set(one(stack, "logs-BucketLifecycleConfiguration").props, "rules", [
    { status: "Enabled", expiration: { days: 400 } },
  ]);
  return stack;
}

const policyIn = (stack: StackResource[]) => (one(stack, "logs-BucketPolicy").props as { policy: string }).policy;

/** The log bucket with one value of one of its resources changed. */
function logBucketWith(resource: string, path: string, value: unknown): StackResource[] {
  const stack = logBucket();
  set(one(stack, resource).props, path, value);
  return stack;
}

const settings = [
  "BucketVersioning",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketOwnershipControls",
  "BucketPolicy",
];
const ENCRYPTION = "BucketServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.sseAlgorithm";
const DATA_EXPIRES = "BucketLifecycleConfiguration.rules[database/data/].expiration.days";

const settingsForBackups = ["BucketObjectLockConfiguration", "BucketLifecycleConfiguration"];

describe("the policy bucket-hardened", () => {
  it("accepts a hardened bucket", () => {
    assert.deepEqual(judged(compliantBucket()), []);
  });

  for (const kind of [...settings, ...settingsForBackups]) {
    it(`refuses a bucket for backups without ${kind}, and says which bucket`, () => {
      const [violation, ...rest] = judged(withoutSetting(kind));
      assert.deepEqual(rest, []);
      assert.equal(violation?.urn, `urn:pulumi:prod::shop::${BUCKET}::bucket`);
      assert.equal(violation?.enforcementLevel, undefined, "the policy's own level, which is mandatory");
      assert.match(violation?.message ?? "", /^bucket-hardened: Bucket bucket: /);
      assert.deepEqual([violation?.faults?.[0]?.code, violation?.faults?.[0]?.path], ["missing-bucket-setting", kind]);
    });
  }

  const mutations: [refuses: string, resource: string, path: string, value: unknown, code: string, at: string][] = [
    [
      "suspended versioning",
      "BucketVersioning",
      "versioningConfiguration.status",
      "Suspended",
      "versioning-off",
      "BucketVersioning.versioningConfiguration.status",
    ],
    ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
      (flag): [string, string, string, unknown, string, string] => [
        `a public access block without ${flag}`,
        "BucketPublicAccessBlock",
        flag,
        undefined,
        "public-access-allowed",
        `BucketPublicAccessBlock.${flag}`,
      ],
    ),
    [
      "an encryption of another name",
      "BucketServerSideEncryptionConfiguration",
      "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
      "ROT13",
      "unknown-encryption",
      ENCRYPTION,
    ],
    [
      "an encryption without a rule",
      "BucketServerSideEncryptionConfiguration",
      "rules",
      [],
      "unknown-encryption",
      ENCRYPTION,
    ],
    [
      "access lists",
      "BucketOwnershipControls",
      "rule.objectOwnership",
      "ObjectWriter",
      "access-lists-on",
      "BucketOwnershipControls.rule.objectOwnership",
    ],
    ["a bucket that cannot lock", "bucket", "objectLockEnabled", false, "object-lock-off", "objectLockEnabled"],
    [
      "a lock without a default",
      "BucketObjectLockConfiguration",
      "rule",
      undefined,
      "lock-without-retention",
      "BucketObjectLockConfiguration.rule.defaultRetention",
    ],
    [
      "a lock of no days",
      "BucketObjectLockConfiguration",
      "rule.defaultRetention.days",
      0,
      "lock-without-retention",
      "BucketObjectLockConfiguration.rule.defaultRetention.days",
    ],
    [
      "data that goes a day too soon",
      "BucketLifecycleConfiguration",
      "rules.1.expiration.days",
      31,
      "data-expires-before-manifest",
      DATA_EXPIRES,
    ],
    [
      "data that goes while its manifests stay for ever",
      "BucketLifecycleConfiguration",
      "rules.0.status",
      "Disabled",
      "data-expires-before-manifest",
      DATA_EXPIRES,
    ],
    [
      "a rule of a shorter prefix that deletes data too soon",
      "BucketLifecycleConfiguration",
      "rules.2",
      { status: "Enabled", filter: { prefix: "database/d" }, expiration: { days: 31 } },
      "data-expires-before-manifest",
      DATA_EXPIRES,
    ],
    [
      "no rule at all",
      "BucketLifecycleConfiguration",
      "rules",
      [],
      "no-lifecycle-rule",
      "BucketLifecycleConfiguration.rules",
    ],
  ];
  for (const [refuses, resource, path, value, code, at] of mutations) {
    it(`refuses ${refuses}, once`, () => assert.deepEqual(found(bucketWith(resource, path, value)), [[code, at]]));
  }

  const together: [refuses: string, stack: StackResource[], code: string, at: string][] = [
    [
      "a golden copy that expires",
      bucketWith("BucketLifecycleConfiguration", "rules.2", {
        status: "Enabled",
        filter: { prefix: "database/golden/" },
        expiration: { days: 400 },
      }),
      "golden-copy-expires",
      "BucketLifecycleConfiguration.rules[database/golden/].expiration.days",
    ],
    [
      "a lock that outlasts what the lifecycle is to delete",
      bucketWith("BucketObjectLockConfiguration", "rule.defaultRetention.days", 32),
      "expires-while-locked",
      "BucketLifecycleConfiguration.rules[database/manifests/].expiration.days",
    ],
    [
      "parts beside the shelves that go before a shelf's manifests",
      withParts(366),
      "data-expires-before-manifest",
      "BucketLifecycleConfiguration.rules[files/data/monthly/].expiration.days",
    ],
    [
      "a second copy in the bucket itself",
      loggedAndReplicated({ destination: { bucket: "arn:aws:s3:::shop-backups" } }, {}),
      "replication-to-itself",
      "BucketReplicationConfig.rules[0].destination.bucket",
    ],
    [
      "a second copy that is hidden with the first",
      loggedAndReplicated({ deleteMarkerReplication: { status: "Enabled" } }, {}),
      "delete-markers-replicated",
      "BucketReplicationConfig.rules[0].deleteMarkerReplication.status",
    ],
    [
      "logs in the bucket itself",
      loggedAndReplicated({}, { targetBucket: "shop-backups" }).filter(({ name }) => !name.startsWith("logs-")),
      "logs-into-backups",
      "BucketLogging.targetBucket",
    ],
    [
      "a log bucket that forgets nothing",
      loggedAndReplicated({}, {}, logBucketWith("logs-BucketLifecycleConfiguration", "rules", [{ status: "Enabled" }])),
      "logs-never-expire",
      "BucketLifecycleConfiguration",
    ],
    [
      "a log bucket for any account's logs",
      loggedAndReplicated(
        {},
        {},
        logBucketWith(
          "logs-BucketPolicy",
          "policy",
          policyIn(logBucket()).replace("aws:SourceAccount", "aws:SourceVpc"),
        ),
      ),
      "logs-of-any-account",
      "BucketPolicy.policy",
    ],
  ];
  for (const [refuses, stack, code, at] of together) {
    it(`refuses ${refuses}, once`, () => assert.deepEqual(found(stack), [[code, at]]));
  }

  const policies: [what: string, policy: string | undefined][] = [
    ["that allows", policyOf({ Effect: "Allow" })],
    ["for one principal", policyOf({ Principal: { AWS: "arn:aws:iam::111111111111:root" } })],
    ["for reading alone", policyOf({ Action: "s3:GetObject" })],
    ["on the objects alone", policyOf({ Resource: "arn:aws:s3:::shop-backups/*" })],
    ["on another bucket", policyOf({ Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"] })],
    ["under the opposite condition", policyOf({ Condition: { Bool: { "aws:SecureTransport": "true" } } })],
    ["under no condition", policyOf({ Condition: undefined })],
    [
      "under a second condition",
      policyOf({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } }),
    ],
    ["that is no JSON", "deny http"],
    ["that is missing", undefined],
  ];
  for (const [what, policy] of policies) {
    it(`refuses a denial of plain HTTP ${what}`, () => {
      assert.deepEqual(found(bucketWith("BucketPolicy", "policy", policy)), [
        ["plain-http-allowed", "BucketPolicy.policy"],
      ]);
    });
  }

  const accepted: [what: string, stack: StackResource[]][] = [
    ["a denial in IAM's longer words", bucketWith("BucketPolicy", "policy", policyOf({ Principal: { AWS: ["*"] } }))],
    [
      "a denial on everything, in another partition",
      bucketWith("BucketPolicy", "policy", policyOf({ Resource: "arn:aws-cn:s3:::shop-backups*" })),
    ],
    [
      "S3's own key",
      bucketWith(
        "BucketServerSideEncryptionConfiguration",
        "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        "AES256",
      ),
    ],
    ["data that is never deleted", bucketWith("BucketLifecycleConfiguration", "rules.1.status", "Disabled")],
    ["a lock of years", lockedFor({ mode: "COMPLIANCE", years: 1 }, 365)],
    ["parts beside the shelves that outlive every shelf's manifests", withParts(367)],
    ["a second copy elsewhere, and logs in a log bucket", loggedAndReplicated({}, {})],
  ];
  for (const [what, stack] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(found(stack), []));
  }

  it("asks a lock and a lifecycle of no bucket but one for backups", () => {
    const plain = (name: string) =>
      compliantBucket(name).filter((resource) => !settingsForBackups.includes(resource.name));
    assert.deepEqual(found(plain("shop-pictures")), []);
    assert.deepEqual(found(plain("shop-backupsets")), []);
    assert.equal(found(plain("backup.shop")).length, 2);
  });

  it("takes a bucket of Upkeep's own component for one, whatever its name", () => {
    const stack = compliantBucket("shop-archive").filter(({ name }) => name !== "BucketObjectLockConfiguration");
    stack.push({ type: "upkeep:backup:BackupBucket", name: "archive", props: {} });
    one(stack, "bucket").parent = "archive";
    assert.deepEqual(found(stack), [["missing-bucket-setting", "BucketObjectLockConfiguration"]]);
    assert.match(judged(stack)[0]?.message ?? "", /^bucket-hardened: Bucket bucket \(in archive\): /);
  });

  it("does not take another bucket's setting for this one's", () => {
    const other = compliantBucket("other-backups").map((resource) => ({
      ...resource,
      name: `other-${resource.name}`,
      from: { bucket: ["other-bucket"] },
    }));
    const [violation, ...rest] = judged([...withoutSetting("BucketVersioning"), ...other]);
    assert.deepEqual(rest, []);
    assert.match(violation?.urn ?? "", /::bucket$/);
  });

  it("knows the deprecated tokens", () => {
    const stack = compliantBucket().map((resource) =>
      resource.name === "BucketVersioning" ? { ...resource, type: settingType("BucketVersioningV2") } : resource,
    );
    one(stack, "bucket").type = "aws:s3/bucketV2:BucketV2";
    assert.deepEqual(found(stack), []);
    one(stack, "bucket").props = { bucket: "shop-backups" };
    assert.deepEqual(found(stack), [["object-lock-off", "objectLockEnabled"]]);
  });

  it("takes the resource that a setting's bucket comes from where a preview does not know its name", () => {
    const stack = compliantBucket().map((resource) => ({ ...resource, props: { ...resource.props, bucket: UNKNOWN } }));
    one(stack, "BucketPolicy").props = { ...one(compliantBucket(), "BucketPolicy").props };
    assert.deepEqual(levels(stack), ["advisory"]);
    // Whether it holds backups, and whether the policy is about it, shows only in its name.
    assert.deepEqual(unknownIn(judged(stack)), ["BucketPolicy.bucket", "bucket"]);
    set(one(stack, "BucketVersioning").props, "versioningConfiguration.status", "Suspended");
    assert.deepEqual(levels(stack), [undefined, "advisory"]);
  });

  it("does not call a setting missing that may be any bucket's", () => {
    const stack = compliantBucket();
    Object.assign(one(stack, "BucketVersioning"), {
      props: { bucket: UNKNOWN, versioningConfiguration: { status: "Enabled" } },
      from: {},
    });
    assert.deepEqual(levels(stack), ["advisory"]);
    assert.deepEqual(unknownIn(judged(stack)), ["BucketVersioning.bucket"]);
  });

  it("does not take for unset what a preview leaves out because something in it is not known", () => {
    const stack = bucketWith("BucketPolicy", "policy", undefined);
    stack.push({ type: "aws:kms/key:Key", name: "key", props: {} });
    one(stack, "BucketPolicy").from = { bucket: ["bucket"], policy: ["key"] };
    assert.deepEqual(levels(stack), ["advisory"]);
    assert.deepEqual(unknownIn(judged(stack)), ["BucketPolicy.policy"]);
  });

  it("turns a value of the wrong shape into a violation, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const [kind, path] of [
      ["BucketVersioning", "versioningConfiguration"],
      ["BucketServerSideEncryptionConfiguration", "rules"],
      ["BucketPolicy", "policy"],
      ["BucketObjectLockConfiguration", "rule.defaultRetention"],
      ["BucketLifecycleConfiguration", "rules"],
    ] as const) {
      for (const value of [secret, 7, { secret }]) {
        const said = judged(bucketWith(kind, path, value))
          .map(({ message }) => message)
          .join("\n");
        assert.match(said, /^bucket-hardened: Bucket bucket:/, `${kind}.${path} passes as ${JSON.stringify(value)}`);
        assert.ok(!said.includes(secret), said);
      }
    }
  });

  it("tells apart a setting on the bucket itself, which an own resource would fight with", () => {
    const inline = (kind: string, argument: string, value: unknown) => {
      const stack = withoutSetting(kind);
      set(one(stack, "bucket").props, argument, value);
      return found(stack);
    };
    assert.deepEqual(inline("BucketVersioning", "versioning", { enabled: true }), [
      ["bucket-setting-inline", "versioning"],
    ]);
    const encryption = inline("BucketServerSideEncryptionConfiguration", "serverSideEncryptionConfiguration", {
      rule: {},
    });
    assert.deepEqual(encryption, [["bucket-setting-inline", "serverSideEncryptionConfiguration"]]);
    assert.deepEqual(inline("BucketPolicy", "policy", "{}"), [["bucket-setting-inline", "policy"]]);
    assert.deepEqual(inline("BucketVersioning", "versioning", undefined), [
      ["missing-bucket-setting", "BucketVersioning"],
    ]);
    assert.deepEqual(inline("BucketLifecycleConfiguration", "lifecycleRules", []), [
      ["missing-bucket-setting", "BucketLifecycleConfiguration"],
    ]);
  });

  it("refuses access lists for everyone: on the bucket, in a BucketAcl, in a grant", () => {
    const acl = (props: object): StackResource => ({
      type: settingType("BucketAcl"),
      name: "BucketAcl",
      props: { bucket: "shop-backups", ...props },
      from: { bucket: ["bucket"] },
    });
    assert.deepEqual(found(bucketWith("bucket", "acl", "public-read")), [["bucket-acl-public", "acl"]]);
    assert.deepEqual(found(bucketWith("bucket", "acl", "private")), []);
    assert.deepEqual(found([...compliantBucket(), acl({ acl: "public-read-write" })]), [
      ["bucket-acl-public", "BucketAcl.acl"],
    ]);
    assert.deepEqual(found([...compliantBucket(), acl({ acl: "log-delivery-write" })]), []);
    const uri = "http://acs.amazonaws.com/groups/global/AllUsers";
    const granting = (grantee: object) => [
      ...compliantBucket(),
      acl({ accessControlPolicy: { grants: [{ grantee }] } }),
    ];
    assert.deepEqual(found(granting({ uri })), [
      ["bucket-acl-public", "BucketAcl.accessControlPolicy.grants[0].grantee.uri"],
    ]);
    assert.deepEqual(found(granting({ id: "1" })), []);
  });

  it("refuses a policy that lets everyone do something, unless under a condition", () => {
    const letting = (changes: object) => {
      const lets = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", ...changes };
      const { Statement } = JSON.parse(policyOf({}));
      return found(bucketWith("BucketPolicy", "policy", JSON.stringify({ Statement: [...Statement, lets] })));
    };
    const refusal = [["policy-allows-everyone", "BucketPolicy.policy"]];
    assert.deepEqual(letting({}), refusal);
    assert.deepEqual(letting({ Principal: { AWS: ["*"] } }), refusal);
    assert.deepEqual(letting({ Condition: {} }), refusal);
    assert.deepEqual(letting({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }), []);
    assert.deepEqual(letting({ Principal: { AWS: "arn:aws:iam::111111111111:root" } }), []);
  });

  describe("judges a setting whose bucket is elsewhere", () => {
    const alone = (kind: string, props: object): StackResource[] => [
      { type: settingType(kind), name: "elsewhere", props: { bucket: "pictures", ...props } },
    ];

    it("by itself", () => {
      const flags = {
        blockPublicAcls: false,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      };
      const refusal = [["public-access-allowed", "BucketPublicAccessBlock.blockPublicAcls"]];
      assert.deepEqual(found(alone("BucketPublicAccessBlock", flags)), refusal);
      assert.deepEqual(found([...compliantBucket(), ...alone("BucketPublicAccessBlock", flags)]), refusal);
      assert.deepEqual(found(alone("BucketAcl", { acl: "public-read" })), [["bucket-acl-public", "BucketAcl.acl"]]);
      assert.deepEqual(found(alone("BucketVersioning", { versioningConfiguration: { status: "Enabled" } })), []);
    });

    it("and says so where its bucket is not known yet", () =>
      assert.deepEqual(unknownIn(judged(alone("BucketVersioning", { bucket: UNKNOWN }))), ["bucket"]));
  });

  it("judges a lifecycle by what its prefixes cover", () => {
    const withRule = (prefix: string, days: number) => {
      const rules = [
        { status: "Enabled", filter: { prefix: "database/manifests/" } },
        { status: "Enabled", filter: { prefix: "database/golden/" } },
        { status: "Enabled", filter: { prefix }, expiration: { days } },
      ];
      return found(bucketWith("BucketLifecycleConfiguration", "rules", rules)).map(([code]) => code);
    };
    for (const prefix of ["", "database/"]) {
      const codes = ["data-expires-before-manifest", "expires-while-locked", "golden-copy-expires"];
      assert.deepEqual(withRule(prefix, 7).sort(), codes);
      assert.ok(!withRule(prefix, 400).includes("expires-while-locked"));
    }
    assert.deepEqual(withRule("database/manifests/daily/", 7), ["expires-while-locked"]);
    assert.deepEqual(withRule("drills/", 7), []);
  });

  it("names a value of the wrong shape, and shows none of it", () => {
    const secret = "correct horse battery staple";
    const path = "BucketObjectLockConfiguration.rule.defaultRetention.days";
    const stack = lockedFor({ mode: "GOVERNANCE", days: secret }, 30);
    assert.ok(found(stack).some(([code, at]) => code === "value-misshapen" && at === path));
    assert.ok(judged(stack).every(({ message }) => !message.includes(secret)));
    assert.deepEqual(found(bucketWith("BucketLifecycleConfiguration", "rules", "text")), [
      ["value-misshapen", "BucketLifecycleConfiguration.rules"],
    ]);
    assert.deepEqual(found(bucketWith("BucketPolicy", "policy", "[null]")), [
      ["plain-http-allowed", "BucketPolicy.policy"],
    ]);
  });
});
