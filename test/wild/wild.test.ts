import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { missesIn } from "./facts.ts";
import { type Finding, findingsIn, type Group, grouped, judges } from "./findings.ts";
import { type WildFile, wildFiles } from "./objects.ts";

/** More of good public manifests no rule may refuse that blocks for all. */
const MOST_REFUSED = 0.05;

const pods = ["Pod", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
/** Kinds that a policy says something of, where they are not those with a pod. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "alert-well-formed": ["PrometheusRule"],
  "cronjob-ends-and-starts": ["CronJob"],
  "recovery-point-kept": ["CronJob"],
  "no-inline-secret": [...pods, "ConfigMap", "Secret"],
};

describe("the policies on public manifests", function () {
  this.timeout("5m");
  let files: WildFile[];
  let findings: Finding[];

  before("fetch and judge them", async () => {
    files = await wildFiles();
    findings = findingsIn(files);
  });

  const objects = () => files.flatMap((file) => file.objects);
  const kindOf = ({ type }: { type: string }) => type.split(":").at(-1) ?? "";

  it("are at least 150 with a pod, and 100 alerts", () => {
    const alerts = objects().flatMap(({ fields }) =>
      ((fields.spec as { groups?: { rules: { alert?: string }[] }[] })?.groups ?? []).flatMap(({ rules }) =>
        rules.filter(({ alert }) => alert),
      ),
    );
    const withPods = objects().filter((object) => pods.includes(kindOf(object)));
    print(`${objects().length} objects, ${withPods.length} of them with a pod, and ${alerts.length} alerts`);
    assert.ok(withPods.length >= 150 && alerts.length >= 100);
  });

  it("find what a person found, and nothing else", () => {
    const expected = parse(readFileSync(join(import.meta.dirname, "expected.yaml"), "utf8")) as Group[];
    const [missed, more] = differences(linesOf(expected), linesOf(grouped(findings)));
    print(`${findings.length} findings, ${missed.length} misses, ${more.length} false alarms`);
    assert.deepEqual({ missed, more }, { missed: [], more: [] });
  });

  it("find what a person sees in the text", () => {
    const byObject = Map.groupBy(findings, ({ object }) => object);
    const misses = files.flatMap(({ module, path, objects }) =>
      objects.flatMap((object) => {
        const at = `${module} ${path} ${object.name}`;
        return missesIn(object, byObject.get(at) ?? []).map((what) => `${at}: ${what}`);
      }),
    );
    assert.deepEqual(misses, []);
  });

  it("refuse of kube-prometheus and three charts one password, which is one", () => {
    const stack = ["prometheus-operator/kube-prometheus", "grafana/alloy", "grafana/mimir", "argo-cd/v3 manifests/ha/"];
    const refused = findings.filter(({ object, refuses }) => refuses && stack.some((part) => object.includes(part)));
    assert.deepEqual(
      refused.map(({ object, policy, path }) => [object.split(" ").at(-1), policy, path]),
      // Mimir's chart has the password of its MinIO, "supersecret", in a ConfigMap.
      [["ConfigMap/citestns/metamonitoring-values-mimir-config", "no-inline-secret", 'data["mimir.yaml"]']],
    );
  });

  for (const { name } of judges) {
    it(`refuse at most one of twenty: ${name}`, () => {
      const judged = objects().filter((object) => (kinds[name] ?? pods).includes(kindOf(object)));
      const refused = new Set(findings.flatMap((one) => (one.policy === name && one.refuses ? [one.object] : [])));
      print(`${name} refuses ${refused.size} of ${judged.length}`);
      assert.ok(judged.length > 0 && refused.size / judged.length <= MOST_REFUSED);
    });
  }
});

/** One line for each object and policy. */
function linesOf(groups: readonly Group[]): string[] {
  return groups.flatMap(({ objects, findings }) =>
    objects.flatMap((object) =>
      Object.entries(findings).map(([policy, at]) => `${object}: ${policy}: ${at.join("; ")}`),
    ),
  );
}

function differences(expected: string[], found: string[]): [missed: string[], more: string[]] {
  const [before, now] = [new Set(expected), new Set(found)];
  return [expected.filter((line) => !now.has(line)), found.filter((line) => !before.has(line))];
}

function print(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
