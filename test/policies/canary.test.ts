import assert from "node:assert/strict";
import { templatePaths } from "../../domain/kubernetes/writtenObjects.ts";
import { judgeStack, type Resource } from "../../policies/testing.ts";
import { compliantPod } from "./manifests.ts";
import { resourcesOf } from "./ownServices.ts";
import { resourceOf } from "./violations.ts";

/** A password as people choose them; in base64 too, as a Secret holds it. */
const CANARY = "Hunter2Canary7";
const CODED = Buffer.from(CANARY).toString("base64");

/** Places whose text is a name: a message has to name them. */
const named = /^(?:name|namespace|alert|record|datastore|job)$/;

/** A copy in which every text is the canary, or holds it as a text of several lines does. */
function poisoned(value: unknown, as: (canary: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, as));
  if (typeof value === "string") return as(CANARY);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, named.test(key) && typeof one === "string" ? one : poisoned(one, as)]),
  );
}

const forms: [form: string, as: (canary: string) => string][] = [
  ["alone", (canary) => canary],
  ["in base64", () => CODED],
  ["in a file", (canary) => `user: shop\npassword: ${canary}\n`],
  ["in an address", (canary) => `postgresql://shop:${canary}@db/orders`],
  ["in a script", (canary) => `pg_dump --password=${canary} | gzip > /scratch/a || true`],
];

/** A pod with every place that holds text. */
function fullPod() {
  const pod = compliantPod();
  const probe = { httpGet: { host: "a", path: "/", httpHeaders: [{ name: "Authorization", value: "a" }] } };
  const more = {
    ...{
      command: ["a"],
      args: ["a"],
      env: [{ name: "PGPASSWORD", value: "a" }],
      envFrom: [{ secretRef: { name: "a" } }],
    },
    ...{ livenessProbe: probe, lifecycle: { preStop: { exec: { command: ["a"] } } }, workingDir: "a", tty: "a" },
  };
  return {
    ...pod,
    containers: pod.containers.map((container) => ({ ...container, ...more })),
    volumes: [
      { name: "a", hostPath: { path: "a" } },
      { name: "b", emptyDir: { sizeLimit: "a", medium: "a" } },
    ],
    nodeSelector: { a: "a" },
    tolerations: [{ key: "a", value: "a" }],
    hostAliases: [{ ip: "a", hostnames: ["a"] }],
  };
}

const metadata = { name: "app", namespace: "shop", labels: { team: "a" }, annotations: { note: "a" } };

/** Every kind with a pod, with the values where each has them. */
const pods: Resource[] = [...Object.entries(templatePaths), ["Rollout", ["spec", "template"]] as const].flatMap(
  ([kind, path]) => {
    const template: object = { metadata, spec: fullPod() };
    const props = path.reduceRight<object>((inner, key) => ({ [key]: inner }), template);
    const version = kind === "Rollout" ? "argoproj.io/v1alpha1" : kind.endsWith("Job") ? "batch/v1" : "apps/v1";
    return ["", "Patch", "List"].map((suffix) => {
      const object = { ...props, metadata };
      return {
        type: `kubernetes:${version}:${kind}${suffix}`,
        name: `${kind}${suffix}`,
        props: suffix === "List" ? { items: [object] } : object,
        ours: true,
      };
    });
  },
);

describe("a secret in every text of every kind", function () {
  this.timeout("2m");
  let prod: Resource[];
  before(async () => {
    prod = (await resourcesOf("prod")).map(resourceOf);
  });

  for (const [form, as] of forms) {
    it(`is shown by no policy ${form}, not even in part`, () => {
      const stack = [...prod, ...pods].map((resource) => ({
        ...resource,
        props: poisoned(resource.props, as) as object,
      }));
      const reports = judgeStack(stack);
      assert.ok(reports.length > pods.length, String(reports.length));
      for (const { policy, resource, message } of reports) {
        for (const part of [CANARY, CODED, CANARY.slice(0, 8), CODED.slice(0, 8)]) {
          assert.ok(!message.includes(part), `${policy} of ${resource}: ${message}`);
        }
      }
    });
  }
});
