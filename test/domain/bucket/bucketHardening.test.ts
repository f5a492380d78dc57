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
import type { Fault } from "../../../domain/values/fault.ts";
import { refused } from "../../support/refused.ts";

const bucket = { bucket: "shop-backups", objectLockEnabled: true };
const faults = (kind: SettingKind, setting?: SettingFields) => refused(settingFaults(kind, setting, bucket));
const gotOf = (found: readonly Fault[]) => found.map(({ got }) => got);

type Rules = NonNullable<SettingFields["rules"]>;

/** An enabled rule that expires the objects under a prefix; without days it expires nothing. */
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
    assert.deepEqual(backupBucketFaults(bucket), []);
    for (const unlocked of [{ objectLockEnabled: false }, {}]) {
      assert.deepEqual(refused(backupBucketFaults(unlocked)), [["object-lock-off", "objectLockEnabled"]]);
    }
  });

  it("needs a lock and a lifecycle beside the settings of every bucket", () => {
    assert.deepEqual(backupSettingKinds, ["BucketObjectLockConfiguration", "BucketLifecycleConfiguration"]);
    assert.deepEqual(
      [...settingKinds],
      [
        "BucketVersioning",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketObjectLockConfiguration",
        "BucketLifecycleConfiguration",
      ],
    );
    assert.deepEqual([...optionalKinds], ["BucketAcl", "BucketLogging", "BucketReplicationConfig"]);
    for (const kind of settingKinds) assert.deepEqual(faults(kind), [["missing-bucket-setting", kind]]);
  });
});

describe("a bucket's setting", () => {
  it("keeps versions", () => {
    const refusal = [["versioning-off", "BucketVersioning.versioningConfiguration.status"]];
    assert.deepEqual(faults("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }), []);
    for (const setting of [{ versioningConfiguration: { status: "Suspended" } }, {}]) {
      assert.deepEqual(faults("BucketVersioning", setting), refusal);
    }
  });

  it("blocks public access of each kind", () => {
    const blocked = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    const refusal = (flag: string) => ["public-access-allowed", `BucketPublicAccessBlock.${flag}`];
    assert.deepEqual(faults("BucketPublicAccessBlock", blocked), []);
    for (const flag of Object.keys(blocked)) {
      assert.deepEqual(faults("BucketPublicAccessBlock", { ...blocked, [flag]: false }), [refusal(flag)]);
    }
    assert.deepEqual(faults("BucketPublicAccessBlock", {}), Object.keys(blocked).map(refusal));
  });

  it("encrypts, with a key of KMS or S3's own", () => {
    const encrypted = (sseAlgorithm: string) => ({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] });
    const found = (setting: SettingFields) => faults("BucketServerSideEncryptionConfiguration", setting);
    const path = "BucketServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.sseAlgorithm";
    for (const algorithm of ["aws:kms", "aws:kms:dsse", "AES256"]) assert.deepEqual(found(encrypted(algorithm)), []);
    for (const setting of [encrypted("ROT13"), {}, { rules: [] }, { rules: [{}] }]) {
      assert.deepEqual(found(setting), [["unknown-encryption", path]]);
    }
  });

  it("turns access lists off", () => {
    assert.deepEqual(faults("BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }), []);
    for (const setting of [{ rule: { objectOwnership: "ObjectWriter" } }, {}]) {
      assert.deepEqual(faults("BucketOwnershipControls", setting), [
        ["access-lists-on", "BucketOwnershipControls.rule.objectOwnership"],
      ]);
    }
  });

  it("locks for a time, in a mode that S3 knows", () => {
    const locked = (defaultRetention: object) =>
      faults("BucketObjectLockConfiguration", { rule: { defaultRetention: defaultRetention } });
    const path = "BucketObjectLockConfiguration.rule.defaultRetention";
    for (const mode of ["GOVERNANCE", "COMPLIANCE"]) {
      for (const time of [{ days: 1 }, { years: 1 }]) assert.deepEqual(locked({ mode, ...time }), []);
    }
    for (const setting of [{}, { rule: {} }]) {
      assert.deepEqual(faults("BucketObjectLockConfiguration", setting), [["lock-without-retention", path]]);
    }
    for (const retention of [{}, { mode: "NONE", days: 0, years: 0 }]) {
      assert.deepEqual(locked(retention), [
        ["unknown-lock-mode", `${path}.mode`],
        ["lock-without-retention", `${path}.days`],
      ]);
    }
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
  const refusal = [["plain-http-allowed", "BucketPolicy.policy"]];
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
      assert.deepEqual(statement(written), refusal, JSON.stringify(written));
    }
  });

  it("is refused where a dot of the bucket's name matches any character", () => {
    const resource = (name: string) =>
      settingFaults(
        "BucketPolicy",
        { policy: policyOf({ ...denial, Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] }) },
        { bucket: "shopxbackups" },
      ).length;
    assert.deepEqual([resource("shopxbackups"), resource("shop.backups")], [0, 1]);
  });

  it("is refused where it is missing, no JSON, or without statements", () => {
    for (const policy of [undefined, "deny http", "{}", "null"]) assert.deepEqual(found(policy), refusal, policy);
  });
});

describe("a bucket's lifecycle", () => {
  const judged = (...rules: Rules) => settingFaults("BucketLifecycleConfiguration", { rules }, bucket);
  const found = (...rules: Rules) => refused(judged(...rules));
  const expires = (folder: string) => `BucketLifecycleConfiguration.rules[${folder}].expiration.days`;
  const dataFault = (folder: string) => ["data-expires-before-manifest", expires(folder)];

  it("is refused without a rule that is enabled", () => {
    const refusal = [["no-lifecycle-rule", "BucketLifecycleConfiguration.rules"]];
    assert.deepEqual(found(), refusal);
    assert.deepEqual(faults("BucketLifecycleConfiguration", {}), refusal);
    assert.deepEqual(found({ ...expiring("database/data/", 1), status: "Disabled" }), refusal);
  });

  it("says for how many days data must stay", () => {
    const allowed = (...rules: Rules) => judged(...rules).map((fault) => fault.allowed.split(":")[0]);
    assert.deepEqual(allowed(expiring("manifests/", 30), expiring("data/", 31)), ["32 days or more"]);
    assert.deepEqual(allowed(expiring("manifests/hourly/", 2), expiring("data/hourly/", 3)), ["4 days or more"]);
    assert.deepEqual(allowed(expiring("data/", 32)), ["for ever"]);
  });

  it("keeps data two days longer than the manifests that name it, however the prefix is written", () => {
    const manifests = expiring("database/manifests/", 30);
    const { filter: _, ...plain } = expiring("", 31);
    assert.deepEqual(found(manifests, expiring("database/data/", 32)), []);
    const expected = [dataFault("database/data/")];
    assert.deepEqual(found(manifests, expiring("database/data/", 31)), expected);
    assert.deepEqual(found(manifests, { ...plain, prefix: "database/data/" }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: { and: { prefix: "database/data/" } } }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: {}, prefix: "database/data/" }), expected);
    assert.deepEqual(found(manifests, { ...plain, filter: { and: {} }, prefix: "database/data/" }), expected);
  });

  it("keeps data for ever where its manifests stay for ever", () => {
    const expected = [dataFault("database/data/")];
    assert.deepEqual(found(expiring("database/data/", 32)), expected);
    assert.deepEqual(found(expiring("database/data/", 32), expiring("database/manifests/")), expected);
    const disabled: Rules[number] = { ...expiring("database/manifests/", 30), status: "Disabled" };
    assert.deepEqual(found(disabled, expiring("database/data/", 32)), expected);
    assert.deepEqual(found(expiring("database/manifests/", 30), expiring("database/data/", 0)), []);
    assert.deepEqual(found(expiring("database/manifests/", 30)), []);
  });

  it("is judged tier by tier, by the shortest rule that covers a tier", () => {
    const shelves = [expiring("manifests/daily/", 30), expiring("data/daily/", 32), expiring("manifests/hourly/", 2)];
    assert.deepEqual(found(...shelves, expiring("data/hourly/", 4)), []);
    assert.deepEqual(found(...shelves, expiring("data/hourly/", 3)), [dataFault("data/hourly/")]);
    assert.deepEqual(found(...shelves, expiring("da", 7)), [dataFault("data/daily/")]);
    assert.deepEqual(found(...shelves, expiring("data/daily/2026/", 1)), []);
    for (const everything of [expiring("", 1), { status: "Enabled", expiration: { days: 1 } }]) {
      assert.deepEqual(found(...shelves, everything), [dataFault("data/daily/"), dataFault("data/hourly/")]);
    }
    assert.deepEqual(found(expiring("manifests/hourly/", 2), expiring("data/daily/", 9)), [dataFault("data/daily/")]);
  });

  it("judges data beside the tiers once for each tier, and alone where no manifest has a rule", () => {
    const shelves = [expiring("files/manifests/daily/", 30), expiring("files/manifests/monthly/", 365)];
    assert.deepEqual(found(...shelves, expiring("files/data/", 367)), []);
    assert.deepEqual(found(...shelves, expiring("files/data/", 366)), [dataFault("files/data/monthly/")]);
    assert.deepEqual(found(expiring("other/manifests/", 30), expiring("files/data/", 9)), [dataFault("files/data/")]);
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
    const said = (home: string) => found(expiring(`${home}data/`, 1));
    for (const home of ["a/b_c.d-e/", `${"a".repeat(99)}/`]) {
      assert.deepEqual(said(home), [dataFault(`${home}data/`)]);
    }
    for (const home of [`${"a".repeat(100)}/`, "p@ss/", "/p ss", "p=/"]) {
      assert.deepEqual(said(home), [dataFault("data/")], home);
      assert.doesNotMatch(JSON.stringify(judged(expiring(`${home}data/`, 1))), /a{100}|p@ss|p ss|p=/);
    }
  });

  it("never expires a golden copy, under any prefix", () => {
    const refusal = (name: string) => [["golden-copy-expires", expires(name)]];
    assert.deepEqual(found(expiring("golden/", 1)), refusal("golden/"));
    assert.deepEqual(found(expiring("database/golden/", 400)), refusal("database/golden/"));
    for (const prefix of [`golden/${"a".repeat(94)}`, "golden/ä", "p ss/golden/"]) {
      assert.deepEqual(found(expiring(prefix, 1)), refusal(""), prefix);
    }
    assert.deepEqual(found(expiring(`golden/${"a".repeat(93)}`, 1)), refusal(`golden/${"a".repeat(93)}`));
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
  const judged = (retention: { days?: number; years?: number }, ...rules: Rules) =>
    lockedLifecycleFaults({ rule: { defaultRetention: { mode: "GOVERNANCE", ...retention } } }, { rules });
  const locked = (...args: Parameters<typeof judged>) => refused(judged(...args));
  const refusal = (name: string) => [
    ["expires-while-locked", `BucketLifecycleConfiguration.rules[${name}].expiration.days`],
  ];

  it("agree where nothing expires before it is unlocked", () => {
    assert.deepEqual(locked({ days: 30 }, expiring("a/manifests/", 30), expiring("a/data/", 32)), []);
    assert.deepEqual(locked({ years: 2 }, expiring("data/", 730)), []);
    assert.deepEqual(locked({ days: 30 }, expiring("a/data/"), expiring("a/data/", 0)), []);
    assert.deepEqual(locked({ days: 30 }, { ...expiring("a/data/", 1), status: "Disabled" }), []);
    for (const prefix of ["a/drills/", "metadata/", "metadata", "rollbackups/", "backups-old/"]) {
      assert.deepEqual(locked({ days: 30 }, expiring(prefix, 1)), [], prefix);
    }
  });

  it("are refused where a shorter prefix covers a backup: its folder without the slash, its datastore, the whole bucket", () => {
    for (const prefix of ["", "data", "a/manifests", "backups", "backup/", "shop/backups/daily/"]) {
      assert.deepEqual(locked({ days: 30 }, expiring(prefix, 1)), refusal(prefix), prefix);
    }
    assert.deepEqual(locked({ days: 30 }, expiring("a/", 1), expiring("a/manifests/", 30)), refusal("a/"));
    assert.deepEqual(locked({ days: 30 }, expiring("b/", 1), expiring("a/manifests/", 30)), []);
  });

  it("are refused where a backup would be hidden before it can be deleted", () => {
    assert.deepEqual(locked({ days: 31 }, expiring("a/manifests/daily/", 30)), refusal("a/manifests/daily/"));
    assert.deepEqual(locked({ years: 2 }, expiring("data/", 729)), refusal("data/"));
    const [{ allowed } = { allowed: "" }] = judged({ years: 2, days: 1 }, expiring("data/", 729));
    assert.match(allowed, /^731 /);
    const long = `data/${"a".repeat(95)}`;
    assert.deepEqual(locked({ days: 2 }, expiring(long, 1)), refusal(long));
    for (const prefix of [`${long}a`, "data/ä", "ä/data/"]) {
      assert.deepEqual(locked({ days: 2 }, expiring(prefix, 1)), refusal(""), prefix);
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
  const copying = (...rules: Rules) => refused(optionalFaults("BucketReplicationConfig", { rules }, bucket));
  const copy = {
    status: "Enabled",
    destination: { bucket: "arn:aws:s3:::shop-backups-copy" },
    deleteMarkerReplication: { status: "Disabled" },
  };

  it("is in another bucket, and keeps what is hidden in the first", () => {
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
      ["replication-to-itself", "BucketReplicationConfig.rules[1].destination.bucket"],
      ["delete-markers-replicated", "BucketReplicationConfig.rules[1].deleteMarkerReplication.status"],
    ]);
    assert.deepEqual(copying({ ...wrong, status: "Disabled" }), []);
  });
});

describe("access logs", () => {
  const logging = (setting: SettingFields) => refused(optionalFaults("BucketLogging", setting, bucket));
  const delivery = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
  };
  const forgetting = { rules: [{ status: "Enabled", expiration: { days: 1 } }] };
  const ofLogs = (...settings: Parameters<typeof logBucketFaults>) => refused(logBucketFaults(...settings));
  const neverExpires = [["logs-never-expire", "BucketLifecycleConfiguration"]];
  const anybodys = [["logs-of-any-account", "BucketPolicy.policy"]];

  it("go to a log bucket, which is neither this one nor one for backups", () => {
    const refusal = [["logs-into-backups", "BucketLogging.targetBucket"]];
    assert.deepEqual(logging({ targetBucket: "shop-logs" }), []);
    for (const targetBucket of ["shop-backups", "other-backups"]) {
      assert.deepEqual(logging({ targetBucket }), refusal);
    }
    const itself = optionalFaults("BucketLogging", { targetBucket: "shop" }, { bucket: "shop" });
    assert.deepEqual(refused(itself), refusal);
    // Neither is shown: a bucket's name may be anything.
    assert.deepEqual(gotOf(itself), ["17 characters"]);
    assert.deepEqual(logging({}), [["logs-without-target", "BucketLogging.targetBucket"]]);
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
      assert.deepEqual(ofLogs(lifecycle, policy), neverExpires);
    }
  });

  it("are written for one account's buckets alone", () => {
    const found = (...statements: object[]) => ofLogs(forgetting, { policy: policyOf(...statements) });
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
