import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { appArmorFaults, checkPod, restricted } from "../../domain/kubernetes/podSecurity.ts";
import type { PodSpec } from "../../domain/kubernetes/podSpec.ts";

/** Where we differ from the API server's admission on purpose. */
const differences = [
  // Pods for Windows are not considered.
  "pass/base_windows.yaml",
];

/** The pods that k8s.io/pod-security-admission is tested with itself: it is among the modules that kube-apiserver is built from. */
async function fixtures(
  verdict: string,
): Promise<{ file: string; pod: PodSpec; annotations: Record<string, string> }[]> {
  const { stdout } = await execa("go", ["mod", "download", "-json", "k8s.io/pod-security-admission"], {
    cwd: join(clone, "sandbox/tools/kubernetes"),
    env: { GOTOOLCHAIN: "local", GOWORK: "off" },
  });
  const root = join(JSON.parse(stdout).Dir, "test/testdata/restricted");
  const [newest = ""] = (await readdir(root)).sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  const files = await readdir(join(root, newest, verdict));
  return Promise.all(
    files.map(async (name) => {
      const { metadata, spec } = parse(await readFile(join(root, newest, verdict, name), "utf8"));
      return { file: `${verdict}/${name}`, pod: spec, annotations: metadata.annotations ?? {} };
    }),
  );
}

describe('our reading of the pod security level "restricted"', function () {
  this.timeout(60_000);
  for (const [verdict, atLeast] of [
    ["pass", 20],
    ["fail", 70],
  ] as const) {
    it(`agrees with Kubernetes on the pods of its own tests that must ${verdict}`, async () => {
      const pods = await fixtures(verdict);
      assert.ok(pods.length >= atLeast, `${pods.length} pods`);
      const disagreeing = pods
        .filter(({ pod, annotations }) => {
          const faults = [...checkPod(pod, "spec", restricted), ...appArmorFaults(annotations, "metadata.annotations")];
          return (faults.length === 0) !== (verdict === "pass");
        })
        .map(({ file }) => file);
      assert.deepEqual(
        disagreeing,
        differences.filter((file) => file.startsWith(verdict)),
      );
    });
  }
});
