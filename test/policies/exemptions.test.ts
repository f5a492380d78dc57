import assert from "node:assert/strict";
import { setConfigured } from "../../policies/configured.ts";
import { definePolicy } from "../../policies/definePolicy.ts";
import { type Exemption, Exemptions } from "../../policies/exemptions.ts";
import { exemptionsInDate } from "../../policies/exemptions-in-date.ts";
import { refused } from "../support/refused.ts";
import { judge, judgeStack, type StackResource, UNKNOWN } from "./judge.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const TODAY = "2026-12-01";

const entry: Exemption = {
  policy: "a-policy",
  resource: "CronJob shop/orders-backup",
  path: "spec.hostNetwork",
  reason: "the registry's mirror moves in January",
  owner: "team-shop",
  ticket: "SHOP-123",
  until: "2027-01-31",
};

const [network, users] = ["spec.hostNetwork", "spec.hostUsers"].map((path) => ({
  code: "wrong",
  path,
  got: "true",
  allowed: "false",
  fix: "remove it",
})) as [Fault, Fault];
type Fault = { code: string; path: string; got: string; allowed: string; fix: string };

/** Finds two faults in each CronJob, one of them behind a value that may be unknown. */
const policy = definePolicy({
  name: "a-policy",
  description: "Because.",
  severity: "high",
  blocks: "all",
  types: [CRONJOB],
  faults: ({ props }, attempt) => [
    ...attempt(() => (props.spec?.hostNetwork ? [network] : [])),
    ...attempt(() => (props.spec?.hostUsers ? [users] : [])),
  ],
});

const metadata = { namespace: "shop", name: "orders-backup" };
const both = { metadata, spec: { hostNetwork: true, hostUsers: true } };

function exempting(...exemptions: Exemption[]) {
  setConfigured({ profile: "house", lowered: [], exemptions: new Exemptions(exemptions, TODAY) });
}

/** Level, and paths of the violation or text of the line. */
function lines(props: object) {
  return judge(policy, CRONJOB, props).map(({ enforcementLevel, faults, message }) =>
    faults ? faults.map(({ path }) => path) : `${enforcementLevel}: ${message.split("\n")[0]}`,
  );
}

const root: StackResource = { type: "pulumi:pulumi:Stack", name: "shop-prod", props: {} };
const job = (props: object): StackResource => ({ type: CRONJOB, name: "nightly", props });

/** What the end of a run says of the exemptions. */
function atEnd(...resources: StackResource[]) {
  return judgeStack(exemptionsInDate, [root, ...resources]).flatMap(({ faults }) => refused(faults ?? []));
}

describe("an exemption", () => {
  afterEach(() => setConfigured());

  it("lets one fault of one resource pass, says who answers for it, and leaves the others", () => {
    exempting(entry);
    assert.deepEqual(lines(both), [
      ["spec.hostUsers"],
      "advisory: a-policy: CronJob shop/orders-backup (in orders): exempt until 2027-01-31: spec.hostNetwork.",
    ]);
    assert.match(
      judge(policy, CRONJOB, both)[1]?.message ?? "",
      /\nReason: the registry's mirror moves in January \(team-shop, SHOP-123\)\nMore: file:/,
    );
    assert.deepEqual(atEnd(job(both)), []);
  });

  it("is of one policy, one kind, one name and one path", () => {
    for (const change of [
      { policy: "another" },
      { resource: "Job shop/orders-backup" },
      { resource: "CronJob shop/orders" },
      { resource: "CronJob orders-backup" },
      { path: "spec" },
      { path: "spec.hostNetwork.x" },
    ]) {
      exempting({ ...entry, ...change });
      assert.deepEqual(lines(both), [["spec.hostNetwork", "spec.hostUsers"]], JSON.stringify(change));
    }
  });

  it("may name the resource as the program does, and leave out the end of the name and of the path", () => {
    for (const change of [
      { resource: "CronJob nightly" },
      { resource: "CronJob shop/*" },
      { path: "spec.host*" },
      { path: "*" },
    ]) {
      exempting({ ...entry, ...change });
      const violated = lines(both).filter((line) => typeof line !== "string");
      assert.ok(!violated.flat().includes("spec.hostNetwork"), JSON.stringify(change));
    }
  });

  it("warns in its last 14 days, and ends after its last", () => {
    const said = (until: string) => {
      exempting({ ...entry, until });
      return lines(both);
    };
    assert.match(String(said("2026-12-15")[1]), /exempt until 2026-12-15: spec/);
    assert.match(String(said("2026-12-14")[1]), /exempt until 2026-12-14, which ends in 13 days: mend it/);
    assert.match(String(said("2026-12-01")[1]), /which ends today/);
    assert.deepEqual(said("2026-11-30"), [["spec.hostNetwork", "spec.hostUsers"]]);
    assert.deepEqual(atEnd(job(both)), [["exemption-ended", "exemptions[0].until"]]);
  });

  it("is a violation where the stack has no such resource", () => {
    exempting({ ...entry, resource: "CronJob shop/users-backup" });
    lines(both);
    assert.deepEqual(atEnd(job(both)), [["exemption-resource-unknown", "exemptions[0].resource"]]);
  });

  it("is a violation where the policy finds nothing that it covers", () => {
    exempting(entry, { ...entry, path: "spec.hostUsers" });
    lines({ metadata, spec: { hostUsers: true } });
    assert.deepEqual(atEnd(job(both)), [["exemption-unused", "exemptions[0].path"]]);
  });

  it("is none while the policy has not judged the resource, or could not", () => {
    exempting(entry);
    assert.deepEqual(atEnd(job(both)), [], "an update of other targets");
    lines({ metadata, spec: { hostNetwork: UNKNOWN } });
    assert.deepEqual(atEnd(job(both)), [], "the preview does not know it yet");
  });

  it("counts as used where one of several resources needs it", () => {
    exempting({ ...entry, resource: "CronJob shop/*" });
    lines({ metadata: { ...metadata, name: "other" }, spec: {} });
    lines(both);
    lines({ metadata: { ...metadata, name: "third" }, spec: {} });
    assert.deepEqual(atEnd(job(both)), []);
  });
});

describe("the policy exemptions-in-date", () => {
  afterEach(() => setConfigured());

  it("lists what is lowered, and warns of its end", () => {
    const { reason, until } = entry;
    const lowered = [
      { name: "image-pinned", to: "advisory", reason, until, daysLeft: 61 },
      { name: "all", to: "brownfield", reason, until: "2026-12-02", daysLeft: 1 },
    ];
    setConfigured({ profile: "brownfield", lowered, exemptions: new Exemptions([], TODAY) });
    const verdicts = judgeStack(exemptionsInDate, [root]);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel, message }) => [enforcementLevel, message.split("\n")[0]]),
      [
        ["advisory", "exemptions-in-date: image-pinned is advisory until 2027-01-31."],
        [
          "advisory",
          "exemptions-in-date: the whole pack is brownfield until 2026-12-02, which ends tomorrow: mend it, or have a new end reviewed.",
        ],
      ],
    );
  });

  it("costs nothing where nothing is weakened: the SDK does not decode the stack for it", () => {
    const type = () => (exemptionsInDate.validateStack as { __pulumiType?: string }).__pulumiType;
    assert.equal(type(), "upkeep:none:None");
    exempting(entry);
    assert.equal(type(), undefined);
  });
});
