import assert from "node:assert/strict";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies } from "../../policies/policies.ts";
import { compliantBucket } from "./buckets.ts";
import { isUnjudged, judge, judgeStack, type StackResource, UNKNOWN, type Verdict } from "./judge.ts";
import { backupCronJob, compliantPod } from "./manifests.ts";
import { CONFIG_MAP, file, groups, PROMETHEUS_RULE, rule } from "./rules.ts";
import { set } from "./set.ts";

const ofResources = policies.filter((policy): policy is ResourceValidationPolicy => "validateResource" in policy);
const ofStacks = policies.filter((policy): policy is StackValidationPolicy => "validateStack" in policy);

/** Resources that every policy accepts, by type token. */
const seeds: [type: string, seed: () => object][] = [
  ["kubernetes:batch/v1:CronJob", backupCronJob],
  ["kubernetes:batch/v1:CronJobPatch", backupCronJob],
  ["kubernetes:batch/v1:CronJobList", () => ({ items: [backupCronJob()] })],
  [
    "kubernetes:core/v1:Pod",
    () => ({ metadata: { name: "dump", annotations: { team: "shop" } }, spec: compliantPod() }),
  ],
  ["kubernetes:argoproj.io/v1alpha1:Rollout", () => ({ spec: { template: { spec: compliantPod() } } })],
  ["kubernetes:core/v1:PersistentVolumeClaim", () => ({ spec: { resources: { requests: { storage: "20Gi" } } } })],
  [PROMETHEUS_RULE, () => rule(groups())],
  [CONFIG_MAP, () => file(groups())],
  [
    "kubernetes:core/v1:Secret",
    () => ({ stringData: { "alertmanager.yaml": "route: {}" }, data: { "alertmanager.yaml": "e30=" } }),
  ],
  ["kubernetes:helm.sh/v3:Release", () => ({ chart: "a", values: { auth: { existingSecret: "shop" } } })],
  [
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    () => ({ rules: [{ apiGroups: [""], resources: ["pods"], resourceNames: ["a"], verbs: ["get"] }] }),
  ],
  ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", () => ({ roleRef: { kind: "Role", name: "a" } })],
  [
    "kubernetes:apps/v1:StatefulSet",
    () => ({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" } } }),
  ],
  ["aws:iam/policy:Policy", () => ({ policy: { Statement: [{ Effect: "Allow", Action: ["s3:GetObject"] }] } })],
  [
    "aws:iam/role:Role",
    () => ({
      assumeRolePolicy: { Statement: [{ Effect: "Allow", Principal: { AWS: ["arn"] }, Condition: {} }] },
      managedPolicyArns: ["arn"],
      inlinePolicies: [{ policy: "{}" }],
    }),
  ],
  ["aws:kms/key:Key", () => ({ deletionWindowInDays: 30, tags: { team: "shop" } })],
  ["aws:s3/bucket:Bucket", () => ({ forceDestroy: false })],
  ["aws:rds/instance:Instance", () => ({ backupRetentionPeriod: 7, tags: { team: "shop" } })],
  [
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    () => ({
      metadata: { annotations: { team: "shop" } },
      spec: { backup: { volumeSnapshot: {} }, plugins: [{ enabled: true }], replica: { enabled: false } },
    }),
  ],
  [
    "kubernetes:apps/v1:Deployment",
    () => ({
      metadata: { annotations: { team: "shop" } },
      spec: {
        volumeClaimTemplates: [{}],
        template: {
          spec: { ...compliantPod(), volumes: [{ name: "data", persistentVolumeClaim: { claimName: "a" } }] },
        },
      },
    }),
  ],
  ["upkeep:index:MaintainedService", () => ({ service: service() })],
];

const service = () => ({
  name: "shop",
  datastores: [
    { kind: "postgres", name: "orders", continuous: { drill: { every: { value: "30d" } } } },
    { kind: "redis", name: "cache", unprotected: "it is filled again from the database" },
  ],
  backups: [{ datastore: "orders", job: "shop-backup", drill: { schedule: { value: "0 4 * * 0" } } }],
});

const watchedStack = (): StackResource[] => [
  { type: "kubernetes:batch/v1:CronJob", name: "backup", props: backupCronJob() },
  { type: PROMETHEUS_RULE, name: "rules", props: rule(groups()) },
  {
    type: "kubernetes:core/v1:Secret",
    name: "routes",
    props: { stringData: { "alertmanager.yaml": "route: { receiver: a }\nreceivers: [{ name: a }]" } },
  },
  {
    type: "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
    name: "config",
    props: {
      metadata: { namespace: "shop" },
      spec: {
        route: {
          receiver: "a",
          matchers: [{ name: "severity", matchType: "=", value: "critical" }],
          routes: [{ receiver: "b", continue: true }],
        },
        receivers: [{ name: "a", slackConfigs: [] }],
      },
    },
  },
];

/** A word and a sentence that must never be shown. */
const canaries = ["Hunter2Canary7", "correct horse battery staple"];

function deep(depth: number): object {
  return depth === 0 ? {} : { a: deep(depth - 1) };
}

const odd: readonly unknown[] = [
  ...canaries,
  null,
  undefined,
  "",
  "3",
  "true",
  "x".repeat(2048),
  "\u0000\u202e",
  "__proto__",
  0,
  -1,
  1.5,
  1e21,
  true,
  [],
  {},
  [null],
  [[]],
  ["x"],
  [{}],
  { "": "" },
  { constructor: 1, toString: 1 },
  deep(100),
  UNKNOWN,
];

/** Paths of all values in an object, the keys joined by dots. */
function pathsOf(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    // set() takes a path apart at its dots.
    if (key.includes(".")) return [];
    const path = at === "" ? key : `${at}.${key}`;
    return [path, ...pathsOf((value as Record<string, unknown>)[key], path)];
  });
}

let judged = 0;

/** Names are shown, whatever they are. */
const named = /(?:^|\.)(?:name|alert|record|datastore|job)$/;

/** What must hold of any verdicts. */
function inspect(what: string, verdicts: Verdict[]) {
  for (const verdict of verdicts) {
    assert.ok(!isUnjudged(verdict), `${what}: ${verdict.message}`);
    assert.ok((verdict.faults?.length ?? 0) <= 200, what);
    assert.ok(verdict.message.length <= 6000, `${what}: ${verdict.message.length} characters`);
    for (const canary of canaries) assert.ok(!verdict.message.includes(canary), `${what}: ${verdict.message}`);
  }
}

describe("the policies, on odd values in every place", function () {
  this.timeout("2m");

  for (const [type, seed] of seeds) {
    it(`judge them, soon and without showing one: ${type}`, () => {
      const isWrapping = /(?:Patch|List|Rollout)$/.test(type);
      for (const [nth, path] of pathsOf(seed()).entries()) {
        // The same object again, in another wrapping: each path with some of the values, and each value at some of the paths.
        const every = isWrapping || path.includes(".template.spec.") ? 3 : 1;
        for (const value of odd.filter((_, index) => (index + nth) % every === 0)) {
          if (named.test(path) && value === canaries[0]) continue;
          const resource = set(seed(), path, value);
          inspect(`${type} ${path} ${String(JSON.stringify(value)).slice(0, 40)}`, judge(ofResources, type, resource));
          judged += ofResources.length;
        }
      }
    });
  }

  it("judge them, soon and without showing one: a bucket and its settings", () => {
    compliantBucket().forEach(({ props }, index) => {
      for (const path of pathsOf(props)) {
        for (const value of odd) {
          const stack = compliantBucket();
          set(stack[index]?.props ?? {}, path, value);
          inspect(`${stack[index]?.name} ${path}`, judgeStack(ofStacks, stack));
          judged += ofStacks.length;
        }
      }
    });
  });

  it("judge them, soon and without showing one: alerts, their routes and the backup that they watch", () => {
    watchedStack().forEach(({ props }, index) => {
      for (const path of pathsOf(props)) {
        for (const value of odd) {
          if (named.test(path) && value === canaries[0]) continue;
          const stack = watchedStack();
          set(stack[index]?.props ?? {}, path, value);
          inspect(`${stack[index]?.type} ${path}`, judgeStack(ofStacks, stack));
          judged += ofStacks.length;
        }
      }
    });
  });

  it("were thousands", () => assert.ok(judged > 5000, String(judged)));

  it("end on a long list, with at most 200 faults", () => {
    const containers = Array.from({ length: 2000 }, () => ({
      name: "a",
      env: [{ name: "PGPASSWORD", value: "hunter2" }],
    }));
    const started = performance.now();
    inspect("long", judge(ofResources, "kubernetes:core/v1:Pod", { spec: { containers } }));
    inspect("long", judge(ofResources, "kubernetes:core/v1:Pod", { spec: { containers: "x".repeat(100_000) } }));
    assert.ok(performance.now() - started < 20_000);
  });
});
