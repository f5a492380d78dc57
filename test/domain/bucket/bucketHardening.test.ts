import assert from "node:assert/strict";
import {
  backupBucketFaults,
  backupSettingKinds,
  lockedLifecycleFaults,
  logBucketFaults,
  namesBackups,
  optionalFaults,
  optionalKinds,
  type SettingFields,
  type SettingKind,
  settingFaults,
  settingKinds,
} from "../../../domain/bucket/bucketHardening.ts";

const bucket = { bucket: "shop-backups", objectLockEnabled: true };
const faults = (kind: SettingKind, setting?: SettingFields) => settingFaults(kind, setting, bucket);

type Rules = NonNullable<SettingFields["rules"]>;

/** An enabled rule that expires what lies under a prefix; without days it expires nothing. */
const expiring = (prefix: string, days?: number): Rules[number] => ({
  status: "Enabled",
  filter: { prefix },
  ...(days !== undefined && { expiration: { days } }),
});

/** A bucket policy of these statements. */
const policyOf = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("a bucket for backups", () => {
  it("is known by a word of its name", () => {
    for (const name of ["backup", "backups", "shop-backups", "backup.shop", "shop.backups-prod"]) {
      assert.equal(namesBackups(name), true, name);
    }
    for (const name of ["shop-backupsets", "mybackups", "shop-pictures", "backupss"]) {
      assert.equal(namesBackups(name), false, name);
    }
  });

  it("says itself that it can lock", () => {
    const expected = (got: string | undefined) => [
      { path: "objectLockEnabled", got, allowed: "true", fix: "set it to true" },
    ];
    assert.deepEqual(backupBucketFaults(bucket), []);
    assert.deepEqual(backupBucketFaults({ objectLockEnabled: false }), expected("false"));
    assert.deepEqual(backupBucketFaults({}), expected(undefined));
  });

  it("needs a lock and a lifecycle beside the settings of every bucket", () => {
    const purposes: Record<SettingKind, string> = {
      BucketVersioning: "one that keeps what is overwritten",
      BucketPublicAccessBlock: "one that blocks every kind of public access",
      BucketServerSideEncryptionConfiguration: "one that says how objects are encrypted",
      BucketOwnershipControls: "one that turns access lists off",
      BucketPolicy: "one that denies access without TLS",
      BucketObjectLockConfiguration: "one that keeps backups from being deleted too soon",
      BucketLifecycleConfiguration: "one that deletes backups when they have been kept long enough",
    };
    assert.deepEqual(backupSettingKinds, ["BucketObjectLockConfiguration", "BucketLifecycleConfiguration"]);
    assert.deepEqual([...settingKinds], Object.keys(purposes));
    assert.deepEqual([...optionalKinds], ["BucketLogging", "BucketReplicationConfig"]);
    for (const kind of settingKinds) {
      assert.deepEqual(faults(kind), [
        { path: kind, got: undefined, allowed: purposes[kind], fix: `add an aws.s3.${kind} for this bucket` },
      ]);
    }
  });
});

describe("a bucket's setting", () => {
  it("keeps versions", () => {
    const expected = (got: string | undefined) => [
      { path: "BucketVersioning.versioningConfiguration.status", got, allowed: "Enabled", fix: "set Enabled" },
    ];
    assert.deepEqual(faults("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }), []);
    assert.deepEqual(
      faults("BucketVersioning", { versioningConfiguration: { status: "Suspended" } }),
      expected('"Suspended"'),
    );
    assert.deepEqual(faults("BucketVersioning", {}), expected(undefined));
  });

  it("blocks public access of each kind", () => {
    const blocked = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    assert.deepEqual(faults("BucketPublicAccessBlock", blocked), []);
    for (const flag of Object.keys(blocked)) {
      assert.deepEqual(faults("BucketPublicAccessBlock", { ...blocked, [flag]: false }), [
        { path: `BucketPublicAccessBlock.${flag}`, got: "false", allowed: "true", fix: "set it to true" },
      ]);
    }
    assert.deepEqual(
      faults("BucketPublicAccessBlock", {}).map(({ got }) => got),
      [undefined, undefined, undefined, undefined],
    );
  });

  it("encrypts, with a key of KMS or S3's own", () => {
    const encrypted = (sseAlgorithm: string) => ({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] });
    const found = (setting: SettingFields) => faults("BucketServerSideEncryptionConfiguration", setting);
    const expected = (got: string | undefined) => [
      {
        path: "BucketServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        got,
        allowed: "aws:kms, aws:kms:dsse, AES256",
        fix: "set aws:kms",
      },
    ];
    for (const algorithm of ["aws:kms", "aws:kms:dsse", "AES256"]) assert.deepEqual(found(encrypted(algorithm)), []);
    assert.deepEqual(found(encrypted("ROT13")), expected('"ROT13"'));
    for (const setting of [{}, { rules: [] }, { rules: [{}] }]) assert.deepEqual(found(setting), expected(undefined));
  });

  it("turns access lists off", () => {
    const expected = (got: string | undefined) => [
      {
        path: "BucketOwnershipControls.rule.objectOwnership",
        got,
        allowed: "BucketOwnerEnforced",
        fix: "set BucketOwnerEnforced",
      },
    ];
    assert.deepEqual(faults("BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }), []);
    assert.deepEqual(
      faults("BucketOwnershipControls", { rule: { objectOwnership: "ObjectWriter" } }),
      expected('"ObjectWriter"'),
    );
    assert.deepEqual(faults("BucketOwnershipControls", {}), expected(undefined));
  });

  it("locks for a time, in a mode that S3 knows", () => {
    const locked = (defaultRetention: object) =>
      faults("BucketObjectLockConfiguration", { rule: { defaultRetention: defaultRetention } });
    const path = "BucketObjectLockConfiguration.rule.defaultRetention";
    const modes = "GOVERNANCE, COMPLIANCE";
    for (const mode of ["GOVERNANCE", "COMPLIANCE"]) {
      for (const time of [{ days: 1 }, { years: 1 }]) assert.deepEqual(locked({ mode, ...time }), []);
    }
    for (const setting of [{}, { rule: {} }]) {
      assert.deepEqual(faults("BucketObjectLockConfiguration", setting), [
        { path, got: undefined, allowed: "a mode with days or years", fix: "set both" },
      ]);
    }
    assert.deepEqual(locked({}), [
      { path: `${path}.mode`, got: undefined, allowed: modes, fix: "set GOVERNANCE" },
      { path: `${path}.days`, got: undefined, allowed: "1 or more", fix: "set it" },
    ]);
    assert.deepEqual(locked({ mode: "NONE", days: 0, years: 0 }), [
      { path: `${path}.mode`, got: '"NONE"', allowed: modes, fix: "set GOVERNANCE" },
      { path: `${path}.days`, got: undefined, allowed: "1 or more", fix: "set it" },
    ]);
  });
});

describe("a bucket's policy", () => {
  const denial = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::shop-backups", "arn:aws:s3:::shop-backups/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const found = (policy: string | undefined) => faults("BucketPolicy", policy === undefined ? {} : { policy });
  const expected = (got: string | undefined) => [
    {
      path: "BucketPolicy.policy",
      got,
      allowed:
        'a statement that denies "*" the action s3:* on the bucket and its objects where aws:SecureTransport is "false"',
      fix: "add that statement, with no other condition in it",
    },
  ];
  const statement = (changes: object) => found(policyOf({ ...denial, ...changes }));

  it("denies everyone plain HTTP, among other statements or alone, in any of IAM's ways to write it", () => {
    assert.deepEqual(statement({}), []);
    assert.deepEqual(found(policyOf({ Effect: "Allow" }, denial)), []);
    assert.deepEqual(found(JSON.stringify({ Statement: denial })), []);
    for (const written of [
      { Principal: { AWS: "*" } },
      { Principal: { AWS: ["arn:aws:iam::111111111111:root", "*"] } },
      { Action: "*" },
      { Action: ["s3:GetObject", "s3:*"] },
      { Resource: "*" },
      { Resource: "arn:aws:s3:::shop-backups*" },
      { Resource: ["arn:aws-us-gov:s3:::shop-backups", "arn:aws-us-gov:s3:::shop-backups/*"] },
      { Condition: { BoolIfExists: { "aws:securetransport": [false] } } },
    ]) {
      assert.deepEqual(statement(written), [], JSON.stringify(written));
    }
  });

  it("is refused where it lets anyone, anything or anywhere out of that", () => {
    for (const written of [
      { Effect: "Allow" },
      { Principal: { AWS: "arn:aws:iam::111111111111:root" } },
      { Principal: { Service: "*" } },
      { Principal: undefined },
      { Action: "s3:GetObject" },
      { Action: undefined },
      { Resource: "arn:aws:s3:::shop-backups" },
      { Resource: "arn:aws:s3:::shop-backups/*" },
      { Resource: undefined },
      { Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"] },
      { Resource: "see arn:aws:s3:::shop-backups*" },
      { Resource: ["arn:aws:s3:::shop-backup(s)", "arn:aws:s3:::shop-backups/*"] },
      { Resource: ["x-arn:aws-cn:s3:::shop-backups", "arn:aws:s3:::shop-backups/*"] },
      { Resource: "*arn:aws-cn:s3:::shop-backups*" },
      { Condition: undefined },
      { Condition: {} },
      { Condition: { Bool: {} } },
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      { Condition: { Bool: { "aws:SecureTransport": ["false", "true"] } } },
      { Condition: { Bool: { "aws:SecureTransport": [] } } },
      { Condition: { Bool: { "aws:ViaAWSService": "false" } } },
      { Condition: { StringEquals: { "aws:SecureTransport": "false" } } },
      { Condition: { NotBool: { "aws:SecureTransport": "false" } } },
      { Condition: { BoolIfExistsNot: { "aws:SecureTransport": "false" } } },
      { Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } },
      {
        Condition: {
          Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" },
          StringEquals: { "aws:PrincipalTag/team": "a" },
        },
      },
      { Condition: { ...denial.Condition, StringEquals: { "aws:PrincipalTag/team": "a" } } },
    ]) {
      assert.deepEqual(statement(written), expected("without the denial of plain HTTP"), JSON.stringify(written));
    }
  });

  it("is refused where a dot of the bucket's name stands for any character", () => {
    const resource = (name: string) =>
      settingFaults(
        "BucketPolicy",
        { policy: policyOf({ ...denial, Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] }) },
        { bucket: "shopxbackups" },
      ).length;
    assert.deepEqual([resource("shopxbackups"), resource("shop.backups")], [0, 1]);
  });

  it("is refused where it is missing, no JSON, or without statements", () => {
    assert.deepEqual(found(undefined), expected(undefined));
    for (const policy of ["deny http", "{}", "null"]) {
      assert.deepEqual(found(policy), expected("without the denial of plain HTTP"), policy);
    }
  });
});

describe("a bucket's lifecycle", () => {
  const found = (...rules: Rules) => faults("BucketLifecycleConfiguration", { rules });
  const dataFault = (folder: string, got: number, allowed: string, manifests: string) => ({
    path: `BucketLifecycleConfiguration.rules[${folder}].expiration.days`,
    got: String(got),
    allowed: `${allowed}: what ${manifests} names must still be there`,
    fix: "keep data 2 days longer than manifests",
  });

  it("is refused without a rule that is enabled", () => {
    const expected = [
      {
        path: "BucketLifecycleConfiguration.rules",
        got: "without one that is enabled",
        allowed: "one rule or more",
        fix: "enable one",
      },
    ];
    assert.deepEqual(found(), expected);
    assert.deepEqual(faults("BucketLifecycleConfiguration", {}), expected);
    assert.deepEqual(found({ ...expiring("database/data/", 1), status: "Disabled" }), expected);
  });

  it("keeps data two days longer than the manifests that name it, however the prefix is written", () => {
    const manifests = expiring("database/manifests/", 30);
    const { filter: _, ...plain } = expiring("", 31);
    assert.deepEqual(found(manifests, expiring("database/data/", 32)), []);
    const expected = [dataFault("database/data/", 31, "32 days or more", "database/manifests/")];
    assert.deepEqual(found(manifests, expiring("database/data/", 31)), expected);
    assert.deepEqual(found(manifests, { ...plain, prefix: "database/data/" }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: { and: { prefix: "database/data/" } } }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: {}, prefix: "database/data/" }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: { and: {} }, prefix: "database/data/" }), expected);
  });

  it("keeps data for ever where its manifests stay for ever", () => {
    const expected = [dataFault("database/data/", 32, "for ever", "database/manifests/")];
    assert.deepEqual(found(expiring("database/data/", 32)), expected);
    assert.deepEqual(found(expiring("database/data/", 32), expiring("database/manifests/")), expected);
    const disabled: Rules[number] = { ...expiring("database/manifests/", 30), status: "Disabled" };
    assert.deepEqual(found(disabled, expiring("database/data/", 32)), expected);
    assert.deepEqual(found(expiring("database/manifests/", 30), expiring("database/data/", 0)), []);
    assert.deepEqual(found(expiring("database/manifests/", 30)), []);
  });

  it("is judged shelf by shelf, by the shortest rule that covers a shelf", () => {
    const shelves = [expiring("manifests/daily/", 30), expiring("data/daily/", 32), expiring("manifests/hourly/", 2)];
    assert.deepEqual(found(...shelves, expiring("data/hourly/", 4)), []);
    assert.deepEqual(found(...shelves, expiring("data/hourly/", 3)), [
      dataFault("data/hourly/", 3, "4 days or more", "manifests/hourly/"),
    ]);
    assert.deepEqual(found(...shelves, expiring("da", 7)), [
      dataFault("data/daily/", 7, "32 days or more", "manifests/daily/"),
    ]);
    assert.deepEqual(found(...shelves, expiring("data/daily/2026/", 1)), []);
    for (const everything of [expiring("", 1), { status: "Enabled", expiration: { days: 1 } }]) {
      assert.deepEqual(found(...shelves, everything), [
        dataFault("data/daily/", 1, "3 days or more", "manifests/daily/"),
        dataFault("data/hourly/", 1, "3 days or more", "manifests/hourly/"),
      ]);
    }
    assert.deepEqual(found(expiring("manifests/hourly/", 2), expiring("data/daily/", 9)), [
      dataFault("data/daily/", 9, "for ever", "manifests/daily/"),
    ]);
  });

  it("judges parts beside the shelves once for each shelf, and alone where no manifest has a rule", () => {
    const shelves = [expiring("files/manifests/daily/", 30), expiring("files/manifests/monthly/", 365)];
    assert.deepEqual(found(...shelves, expiring("files/data/", 367)), []);
    assert.deepEqual(found(...shelves, expiring("files/data/", 366)), [
      dataFault("files/data/monthly/", 366, "367 days or more", "files/manifests/monthly/"),
    ]);
    assert.deepEqual(found(expiring("other/manifests/", 30), expiring("files/data/", 9)), [
      dataFault("files/data/", 9, "for ever", "files/manifests/"),
    ]);
  });

  it("judges no rule of another folder", () => {
    for (const prefix of [
      "logs/",
      "data",
      "metadata",
      "data/daily",
      "data/daily/deep/",
      "manifests-old/",
      "a\ndata/",
    ]) {
      assert.deepEqual(found(expiring(prefix, 1), expiring("d", 1)), [], prefix);
    }
    assert.deepEqual(found({ status: "Enabled", expiration: { days: 1 } }), []);
  });

  it("shows no home that is more than a plain path", () => {
    const said = (home: string) => found(expiring(`${home}data/`, 1)).map(({ path, allowed }) => [path, allowed]);
    const shown = (name: string) => [
      [
        `BucketLifecycleConfiguration.rules[${name}data/].expiration.days`,
        `for ever: what ${name}manifests/ names must still be there`,
      ],
    ];
    assert.deepEqual(said("a/b_c.d-e/"), shown("a/b_c.d-e/"));
    assert.deepEqual(said(`${"a".repeat(99)}/`), shown(`${"a".repeat(99)}/`));
    for (const home of [`${"a".repeat(100)}/`, "p@ss/", "/p ss", "p=/"]) assert.deepEqual(said(home), shown(""), home);
  });

  it("never expires a golden copy, wherever it lies", () => {
    const expected = (name: string, got: string) => [
      {
        path: `BucketLifecycleConfiguration.rules[${name}].expiration.days`,
        got,
        allowed: "none: the golden copy is what is left when every backup has expired",
        fix: "remove it; expire noncurrent versions instead",
      },
    ];
    assert.deepEqual(found(expiring("golden/", 1)), expected("golden/", "1"));
    assert.deepEqual(found(expiring("database/golden/", 400)), expected("database/golden/", "400"));
    for (const prefix of [`golden/${"a".repeat(94)}`, "golden/ä", "p ss/golden/"]) {
      assert.deepEqual(found(expiring(prefix, 1)), expected("", "1"), prefix);
    }
    assert.deepEqual(found(expiring(`golden/${"a".repeat(93)}`, 1)), expected(`golden/${"a".repeat(93)}`, "1"));
    for (const rule of [
      expiring("database/golden/"),
      expiring("database/golden/", 0),
      expiring("marigolden/", 1),
      expiring("golden", 1),
    ]) {
      assert.deepEqual(found(rule), []);
    }
  });
});

describe("a lock and a lifecycle", () => {
  const locked = (retention: { days?: number; years?: number }, ...rules: Rules) =>
    lockedLifecycleFaults({ rule: { defaultRetention: { mode: "GOVERNANCE", ...retention } } }, { rules });
  const expected = (name: string, got: number, locked: number) => [
    {
      path: `BucketLifecycleConfiguration.rules[${name}].expiration.days`,
      got: String(got),
      allowed: `${locked} or more, for which the bucket's lock keeps every version: the backup would be hidden, and not deleted`,
      fix: "lock for as long as what is kept shortest, and no longer",
    },
  ];

  it("agree where nothing expires before it is unlocked", () => {
    assert.deepEqual(locked({ days: 30 }, expiring("a/manifests/", 30), expiring("a/data/", 32)), []);
    assert.deepEqual(locked({ years: 2 }, expiring("data/", 730)), []);
    assert.deepEqual(locked({ days: 30 }, expiring("a/data/"), expiring("a/data/", 0)), []);
    assert.deepEqual(locked({ days: 30 }, { ...expiring("a/data/", 1), status: "Disabled" }), []);
    for (const prefix of ["", "a/drills/", "metadata/", "data", "a/manifests"]) {
      assert.deepEqual(locked({ days: 30 }, expiring(prefix, 1)), [], prefix);
    }
  });

  it("are refused where a backup would be hidden before it can be deleted", () => {
    assert.deepEqual(locked({ days: 31 }, expiring("a/manifests/daily/", 30)), expected("a/manifests/daily/", 30, 31));
    assert.deepEqual(locked({ years: 2 }, expiring("data/", 729)), expected("data/", 729, 730));
    const long = `data/${"a".repeat(95)}`;
    assert.deepEqual(locked({ days: 2 }, expiring(long, 1)), expected(long, 1, 2));
    for (const prefix of [`${long}a`, "data/ä", "ä/data/"]) {
      assert.deepEqual(locked({ days: 2 }, expiring(prefix, 1)), expected("", 1, 2), prefix);
    }
  });

  it("are not judged where one of them is missing", () => {
    const lifecycle = { rules: [expiring("data/", 1)] };
    for (const lock of [undefined, {}, { rule: {} }, { rule: { defaultRetention: {} } }]) {
      assert.deepEqual(lockedLifecycleFaults(lock, lifecycle), []);
    }
    const lock = { rule: { defaultRetention: { days: 30 } } };
    for (const none of [undefined, {}]) assert.deepEqual(lockedLifecycleFaults(lock, none), []);
  });
});

describe("a second copy", () => {
  const copying = (...rules: Rules) => optionalFaults("BucketReplicationConfig", { rules }, bucket);
  const copy = {
    status: "Enabled",
    destination: { bucket: "arn:aws:s3:::shop-backups-copy" },
    deleteMarkerReplication: { status: "Disabled" },
  };

  it("lies in another bucket, and keeps what is hidden in the first", () => {
    assert.deepEqual(copying(copy, { status: "Enabled" }), []);
    assert.deepEqual(optionalFaults("BucketReplicationConfig", {}, bucket), []);
  });

  it("is refused in the bucket itself, and where it is hidden with the first", () => {
    const wrong = {
      status: "Enabled",
      destination: { bucket: "arn:aws:s3:::shop-backups" },
      deleteMarkerReplication: { status: "Enabled" },
    };
    assert.deepEqual(copying(copy, wrong), [
      {
        path: "BucketReplicationConfig.rules[1].destination.bucket",
        got: "17 characters",
        allowed: "another bucket",
        fix: "name the second copy",
      },
      {
        path: "BucketReplicationConfig.rules[1].deleteMarkerReplication.status",
        got: '"Enabled"',
        allowed: "Disabled: what hides a backup here would hide its second copy too",
        fix: "set Disabled",
      },
    ]);
    assert.deepEqual(copying({ ...wrong, status: "Disabled" }), []);
  });
});

describe("access logs", () => {
  const logging = (setting: SettingFields) => optionalFaults("BucketLogging", setting, bucket);
  const delivery = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
  };
  const forgetting = { rules: [{ status: "Enabled", expiration: { days: 1 } }] };
  const neverExpires = [
    {
      path: "BucketLifecycleConfiguration",
      got: "without a rule that expires logs",
      allowed: "an enabled rule with expiration.days: logs are never read again after a while",
      fix: "add one, such as 400 days",
    },
  ];
  const anybodys = [
    {
      path: "BucketPolicy.policy",
      got: "letting S3 write the logs of anybody's bucket",
      allowed: "log delivery under a condition on aws:SourceAccount",
      fix: 'add StringEquals with "aws:SourceAccount", and ArnLike with "aws:SourceArn"',
    },
  ];

  it("go to a log bucket, which is neither this one nor one for backups", () => {
    const expected = (got: string) => [
      {
        path: "BucketLogging.targetBucket",
        got,
        allowed: "a log bucket: log delivery can neither lock what it puts nor put it only if it is new",
        fix: "name one",
      },
    ];
    assert.deepEqual(logging({ targetBucket: "shop-logs" }), []);
    assert.deepEqual(logging({ targetBucket: "shop-backups" }), expected("17 characters"));
    assert.deepEqual(logging({ targetBucket: "other-backups" }), expected("20 characters"));
    assert.deepEqual(optionalFaults("BucketLogging", { targetBucket: "shop" }, { bucket: "shop" }).length, 1);
    assert.deepEqual(logging({}), [
      { path: "BucketLogging.targetBucket", got: undefined, allowed: "a log bucket", fix: "name one" },
    ]);
  });

  it("expire by a rule that is enabled", () => {
    const policy = { policy: policyOf(delivery) };
    assert.deepEqual(logBucketFaults({ rules: [{ status: "Enabled" }, ...forgetting.rules] }, policy), []);
    for (const lifecycle of [
      undefined,
      {},
      { rules: [] },
      { rules: [{ status: "Enabled" }] },
      { rules: [{ status: "Enabled", expiration: {} }] },
      { rules: [{ status: "Enabled", expiration: { days: 0 } }] },
      { rules: [{ status: "Disabled", expiration: { days: 1 } }] },
    ]) {
      assert.deepEqual(logBucketFaults(lifecycle, policy), neverExpires);
    }
  });

  it("are written for one account's buckets alone", () => {
    const found = (...statements: object[]) => logBucketFaults(forgetting, { policy: policyOf(...statements) });
    const { Condition: _, ...unconditional } = delivery;
    const byArn = { ArnLike: { "aws:SourceArn": "arn:aws:s3:::shop-backups" } };
    assert.deepEqual(found(delivery), []);
    assert.deepEqual(found({ ...delivery, Condition: { ...byArn, ...delivery.Condition } }), []);
    assert.deepEqual(
      found({
        ...delivery,
        Condition: { StringEquals: { "aws:PrincipalTag/a": "b", "AWS:sourceaccount": "111111111111" } },
      }),
      [],
    );
    assert.deepEqual(found({ ...unconditional, Effect: "Deny" }), []);
    assert.deepEqual(found({ ...unconditional, Principal: "*" }, { Effect: "Allow" }), []);
    assert.deepEqual(found(delivery, unconditional), anybodys);
    assert.deepEqual(found({ ...delivery, Condition: byArn }), anybodys);
    assert.deepEqual(found({ ...unconditional, Principal: { Service: ["logging.s3.amazonaws.com"] } }), anybodys);
    for (const policy of [undefined, {}, { policy: "none" }]) assert.deepEqual(logBucketFaults(forgetting, policy), []);
  });
});
