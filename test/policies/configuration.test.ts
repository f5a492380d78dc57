import assert from "node:assert/strict";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { configurationMessage, readConfiguration } from "../../policies/configuration.ts";
import { setConfigured } from "../../policies/configured.ts";
import { drillDeclared } from "../../policies/drill-declared.ts";
import { policies } from "../../policies/policies.ts";
import { effectOf, type Profile } from "../../policies/profile.ts";
import { refused } from "../support/refused.ts";
import { found } from "./judge.ts";
import { groups, PROMETHEUS_RULE, rule } from "./rules.ts";

const TODAY = "2026-12-01";

const terms = { reason: "the registry's mirror moves in January", until: "2027-01-31" };

const entry = {
  policy: "pod-restricted",
  resource: "CronJob shop/orders-backup",
  path: "spec.jobTemplate.spec.template.spec.hostNetwork",
  owner: "team-shop",
  ticket: "SHOP-123",
  ...terms,
};

/** Kind and place of what is wrong with a configuration. */
function wrong(configuration: Record<string, unknown>) {
  const read = readConfiguration(configuration, policies, TODAY);
  return refused("faults" in read ? read.faults : []);
}

function sentences(configuration: Record<string, unknown>): string {
  const read = readConfiguration(configuration, policies, TODAY);
  return "faults" in read ? configurationMessage("the file", read.faults) : "";
}

function configuredBy(configuration: Record<string, unknown>) {
  const read = readConfiguration(configuration, policies, TODAY);
  if ("faults" in read) throw new Error(configurationMessage("the file", read.faults));
  return read.configured;
}

const exempting = (...exemptions: object[]) => ({ "exemptions-in-date": { exemptions } });

describe("the configuration of the policy pack", () => {
  it("may be empty: house, nothing lowered, nothing exempt", () => {
    const { profile, lowered, exemptions } = configuredBy({});
    assert.deepEqual([profile, lowered, exemptions.isEmpty], ["house", [], true]);
  });

  it("names a profile, and levels that carry a reason and an end", () => {
    const { profile, lowered } = configuredBy({
      all: { enforcementLevel: "mandatory", profile: "core" },
      "image-pinned": { enforcementLevel: "advisory", ...terms },
    });
    assert.equal(profile, "core");
    assert.deepEqual(lowered, [{ name: "image-pinned", to: "advisory", daysLeft: 61, ...terms }]);
  });

  it("refuses a policy that there is not, with the nearest name", () => {
    assert.deepEqual(wrong({ "image-pined": "mandatory" }), [["unknown-key", "image-pined"]]);
    assert.match(sentences({ "image-pined": "mandatory" }), /did you mean image-pinned\?/);
  });

  it("refuses a key that nothing reads, beside a level, in an exemption and beside the profile", () => {
    const exempt = { "image-pinned": { enforcementLevel: "mandatory", exempt: ["shop/orders-backup"] } };
    assert.deepEqual(wrong(exempt), [["unknown-key", "image-pinned.exempt"]]);
    assert.deepEqual(wrong(exempting({ ...entry, expires: "2027-01-31" })), [
      ["unknown-key", "exemptions-in-date.exemptions[0].expires"],
    ]);
    assert.deepEqual(wrong({ all: { enforcementLevel: "mandatory", profil: "core" } }), [
      ["unknown-key", "all.profil"],
    ]);
  });

  it("refuses a level or a profile that means nothing here", () => {
    assert.deepEqual(wrong({ "image-pinned": "advise" }), [["not-allowed", "image-pinned.enforcementLevel"]]);
    assert.match(
      sentences({ "image-pinned": "advisor" }),
      /allowed: mandatory, advisory, disabled. Fix: did you mean "advisory"\?/,
    );
    // It changes nothing: the policy has no remedy.
    assert.deepEqual(wrong({ "image-pinned": "remediate" }), [["not-allowed", "image-pinned.enforcementLevel"]]);
    assert.deepEqual(wrong({ all: { enforcementLevel: "mandatory", profile: "strict" } }), [
      ["not-allowed", "all.profile"],
    ]);
    assert.deepEqual(wrong({ all: { profile: "core" } }), [["missing", "all.enforcementLevel"]]);
    assert.deepEqual(wrong({ all: { enforcementLevel: "disabled", ...terms } }), [
      ["not-allowed", "all.enforcementLevel"],
    ]);
    assert.deepEqual(wrong({ "image-pinned": 3 }), [["not-allowed", "image-pinned"]]);
  });

  for (const [name, lowered] of Object.entries({
    "image-pinned": { enforcementLevel: "advisory" },
    "resources-set": { enforcementLevel: "disabled" },
    all: { enforcementLevel: "mandatory", profile: "brownfield" },
  })) {
    it(`refuses a lowered level without a reason and an end: ${name}`, () => {
      const { reason, until } = terms;
      assert.deepEqual(wrong({ [name]: lowered }), [
        ["level-without-reason", `${name}.reason`],
        ["level-without-end", `${name}.until`],
      ]);
      assert.deepEqual(wrong({ [name]: { ...lowered, reason } }), [["level-without-end", `${name}.until`]]);
      assert.deepEqual(wrong({ [name]: { ...lowered, until } }), [["level-without-reason", `${name}.reason`]]);
      assert.deepEqual(wrong({ [name]: { ...lowered, ...terms } }), []);
    });

    it(`refuses an end that is too far, has passed or is no day: ${name}`, () => {
      const until = (day: string) => wrong({ [name]: { ...lowered, ...terms, until: day } });
      assert.deepEqual(until("2027-03-01"), [], "90 days");
      assert.deepEqual(until("2027-03-02"), [["end-too-far", `${name}.until`]]);
      assert.deepEqual(until("2026-12-01"), [], "its last day");
      assert.deepEqual(until("2026-11-30"), [["level-ended", `${name}.until`]]);
      for (const no of ["2027-02-30", "soon", "2027-1-31", "2027-01", ""])
        assert.deepEqual(until(no), [["not-allowed", `${name}.until`]]);
    });
  }

  it("refuses a reason that says nothing", () => {
    assert.deepEqual(wrong({ "image-pinned": { enforcementLevel: "advisory", ...terms, reason: "later" } }), [
      ["not-allowed", "image-pinned.reason"],
    ]);
  });

  it("takes the terms of all for what all lowers, as the engine repeats its level at each policy, and for nothing else", () => {
    const all = { enforcementLevel: "advisory", ...terms };
    const repeated = Object.fromEntries(policies.map(({ name }) => [name, { enforcementLevel: "advisory" }]));
    assert.deepEqual(wrong({ ...repeated, all }), []);
    const { reason } = terms;
    assert.deepEqual(wrong({ all, "image-pinned": { enforcementLevel: "advisory", reason } }), [
      ["level-without-end", "image-pinned.until"],
    ]);
    assert.deepEqual(wrong({ all, "image-pinned": "disabled" }), [
      ["level-without-reason", "image-pinned.reason"],
      ["level-without-end", "image-pinned.until"],
    ]);
  });

  it("keeps the level of what watches over the others", () => {
    for (const enforcementLevel of ["advisory", "disabled"]) {
      assert.deepEqual(wrong({ "exemptions-in-date": { enforcementLevel, ...terms } }), [
        ["level-fixed", "exemptions-in-date.enforcementLevel"],
      ]);
    }
  });

  it("refuses an exemption that lacks a part, each by its path", () => {
    for (const key of Object.keys(entry)) {
      assert.deepEqual(
        wrong(exempting({ ...entry, [key]: undefined })),
        [["missing", `exemptions-in-date.exemptions[0].${key}`]],
        key,
      );
    }
  });

  it("refuses an exemption for longer than 90 days, from a policy that there is not, or of more than one kind's names", () => {
    const of = (change: object) => wrong(exempting({ ...entry, ...change }));
    const at = (key: string) => `exemptions-in-date.exemptions[0].${key}`;
    assert.deepEqual(of({}), []);
    assert.deepEqual(of({ until: "2027-03-02" }), [["end-too-far", at("until")]]);
    assert.deepEqual(of({ policy: "pod-restrict" }), [["exemption-policy-unknown", at("policy")]]);
    assert.match(sentences(exempting({ ...entry, policy: "pod-restrict" })), /did you mean pod-restricted\?/);
    for (const resource of ["*", "CronJob *", "CronJob", "CronJob a*b", "shop/orders-backup"]) {
      assert.deepEqual(of({ resource }), [["not-allowed", at("resource")]], resource);
    }
    assert.deepEqual(of({ resource: "PrometheusRule monitoring/*", path: "*" }), []);
    // An ended one is a violation of the stack, which names the resource: exemptions.test.ts.
    assert.deepEqual(of({ until: "2026-11-30" }), []);
  });

  it("lets nobody be exempted where a reason changes nothing, and says why", () => {
    const never = policies.filter(({ unexemptible }) => unexemptible).map(({ name }) => name);
    assert.deepEqual(never.sort(), [
      "datastore-covered",
      "drill-declared",
      "exemptions-in-date",
      "no-inline-secret",
      "recovery-point-kept",
    ]);
    for (const policy of never) {
      assert.deepEqual(wrong(exempting({ ...entry, policy })), [
        ["policy-unexemptible", "exemptions-in-date.exemptions[0].policy"],
      ]);
    }
  });

  it("is one that the engine can check too: each policy has a schema, and its settings are in it", () => {
    for (const { name, configSchema } of policies) {
      const keys = Object.keys(configSchema?.properties ?? {});
      assert.deepEqual(keys.slice(0, 2), ["reason", "until"], name);
    }
    const settings = policies.flatMap(({ name, configSchema }) =>
      Object.keys(configSchema?.properties ?? {})
        .slice(2)
        .map((key) => `${name}.${key}`),
    );
    assert.deepEqual(settings.sort(), [
      "alert-well-formed.severities",
      "drill-declared.longestGap",
      "exemptions-in-date.exemptions",
    ]);
  });
});

describe("the settings of the policies", () => {
  it("severities: those that a stack's routes know, instead of ours", () => {
    const severity = (level: string, severities?: string[]) => {
      const made = groups();
      Object.assign(made[0]?.rules?.find((one) => "alert" in one) ?? {}, { labels: { severity: level } });
      return found(alertWellFormed, PROMETHEUS_RULE, rule(made), severities && { severities }).map(([code]) => code);
    };
    assert.deepEqual(severity("page"), ["alert-severity-unknown"]);
    assert.deepEqual(severity("page", ["page", "ticket"]), []);
    assert.deepEqual(severity("critical", ["page", "ticket"]), ["alert-severity-unknown"]);
    assert.deepEqual(wrong({ "alert-well-formed": { severities: [] } }), [
      ["not-allowed", "alert-well-formed.severities"],
    ]);
  });

  it("longestGap: less than a quarter between two drills, and never more", () => {
    const service = {
      datastores: [],
      backups: [{ datastore: "orders", job: "shop", drill: { schedule: { value: "0 4 1 * *" } } }],
    };
    const rare = (longestGap?: string) =>
      found(
        drillDeclared,
        "upkeep:index:MaintainedService",
        { service },
        longestGap === undefined ? {} : { longestGap },
      );
    assert.deepEqual(rare(), []);
    assert.deepEqual(rare("14d"), [["drill-too-rare", 'backup "shop" drill schedule']]);
    assert.deepEqual(wrong({ "drill-declared": { longestGap: "92d" } }), []);
    for (const longestGap of ["93d", "often"]) {
      assert.deepEqual(wrong({ "drill-declared": { longestGap } }), [["not-allowed", "drill-declared.longestGap"]]);
    }
  });
});

describe("the circles of ownership, by profile", () => {
  const rules = {
    core: { blocks: "all" },
    "core, where others' habits differ": { blocks: "ours" },
    house: { blocks: "ours", house: true },
  } as const;
  const table: Record<keyof typeof rules, Record<Profile, [ours: string, others: string]>> = {
    core: { house: ["block", "block"], core: ["block", "block"], brownfield: ["block", "advise"] },
    "core, where others' habits differ": {
      house: ["block", "advise"],
      core: ["block", "advise"],
      brownfield: ["block", "advise"],
    },
    house: { house: ["block", "ignore"], core: ["advise", "ignore"], brownfield: ["advise", "ignore"] },
  };
  for (const [kind, byProfile] of Object.entries(table)) {
    it(`a rule of the kind: ${kind}`, () => {
      const rule = { name: "a", description: "b", severity: "low", ...rules[kind as keyof typeof rules] } as const;
      for (const [profile, [ours, others]] of Object.entries(byProfile)) {
        assert.equal(effectOf(rule, true, profile as Profile), ours, `${profile}, ours`);
        assert.equal(effectOf(rule, false, profile as Profile), others, `${profile}, others'`);
      }
    });
  }

  afterEach(() => setConfigured());
});
