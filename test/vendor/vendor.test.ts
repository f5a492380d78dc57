import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { policyPack } from "../../cli/engine.ts";
import { edit } from "./edit.ts";
import type { Form } from "./kubeconfigs.ts";
import { forms, sandbox } from "./sandbox.ts";

const own = "--selector=app.kubernetes.io/managed-by=upkeep";
const kinds =
  "cronjob,configmap,networkpolicy,prometheusrule,serviceaccount,role,rolebinding,secret,horizontalpodautoscaler,poddisruptionbudget";

/** The state is written once, not before and after each step, which takes most of an `up`. */
const written = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** The services of the sandbox, and those that are retired early: each step takes as long as there are resources. */
const enabled = "[task-mcp, js-mcp, mplp, tapio, lang-observatory]";
const retired = "[task-mcp, js-mcp, tapio, lang-observatory]";

/** Objects applied by hand: another manager owns fields that Upkeep declares. */
const byHand = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "mplp-backup", namespace: "mplp-production" },
  spec: {
    schedule: "0 3 * * *",
    concurrencyPolicy: "Allow",
    jobTemplate: {
      spec: {
        template: {
          spec: { restartPolicy: "OnFailure", containers: [{ name: "backup", image: "mplp/backup:1.0.0-alpha" }] },
        },
      },
    },
  },
};

/** The whole product on the vendor's own Kubernetes provider. Each step goes on from the one before: one `up` takes half a minute. */
describe("the vendor's Kubernetes provider", function () {
  this.timeout("6m");
  /** How many resources the program declares: fewer once services are retired. */
  let whole: number;
  /** Needs no cluster, so it runs beside the first steps. */
  let previews: Promise<string[]>;

  before(() => {
    previews = Promise.all([make("preview", "prod"), make("preview", "staging")]);
    previews.catch(() => undefined);
  });

  it("creates everything, with a list of files in KUBECONFIG", async () => {
    const { created, ...others } = counts(await pulumi("list", "up", "--skip-preview"));
    assert.deepEqual(others, {});
    whole = created ?? 0;
    assert.ok(whole > 300, String(whole));
  });

  it("changes nothing the second time, though KUBECONFIG is another machine's path", async () => {
    assert.deepEqual(counts(await pulumi("another machine's path", "up", "--skip-preview")), { unchanged: whole });
  });

  it("refreshes, with paths in the kubeconfig that are relative to it", async () => {
    assert.deepEqual(counts(await pulumi("relative paths", "refresh", "--skip-preview")), { unchanged: whole });
  });

  it("updates one object for one schedule, and deletes those of retired services", async () => {
    edit(sandbox.folder, "services/mplp.ts", 'daily("02:00")', 'daily("01:30")');
    edit(sandbox.folder, "Pulumi.sandbox.yaml", enabled, "[mplp]");
    edit(sandbox.folder, "Pulumi.sandbox.yaml", "  upkeep:kubernetes:", `  upkeep:retired: ${retired}\n$&`);
    const text = await pulumi("home", "up", "--skip-preview");
    const updated = [...text.matchAll(/^ ~ +((?:kubernetes|aws):\S+ \S+) updated/gm)].map(([, resource]) => resource);
    // The retired services' routes, and the alerts on their rules, go with them.
    const routes = "kubernetes:core/v1:Secret alert-routes-configuration";
    const rules = "kubernetes:monitoring.coreos.com/v1:PrometheusRule platform-alerts-rules";
    assert.deepEqual(updated.sort(), ["kubernetes:batch/v1:CronJob mplp-main-cronjob", routes, rules]);
    const { deleted = 0, created = 0 } = counts(text);
    assert.ok(deleted > 200, text);
    whole += created - deleted;
    assert.equal(await sandbox.run("kubectl", "get", kinds, "--namespace=js-mcp", own, "--output=name"), "");
  });

  it("shows what was changed by hand, and sets it back, as docs/drift.md says", async () => {
    const egress = async (name: string) => (await live("networkpolicy", name)).spec.egress.length;
    const declared = await egress("mplp-backup");
    const append = '[{"op": "add", "path": "/spec/egress/-", "value": {}}]';
    await kubectl("patch", "cronjob", "mplp-backup", "--patch", '{"spec": {"suspend": true}}');
    const { rules } = await live("role", "mplp-config-backup");
    await kubectl(
      "patch",
      "role",
      "mplp-config-backup",
      "--type=json",
      "--patch",
      '[{"op": "replace", "path": "/rules/0/verbs", "value": ["get"]}]',
    );
    for (const name of ["mplp-backup", "mplp-redis-backup"]) {
      await kubectl("patch", "networkpolicy", name, "--type=json", "--patch", append);
    }
    await kubectl("delete", "networkpolicy", "mplp-redis-backup");

    const text = await pulumi("home", "up", "--refresh");
    const [preview = "", update = ""] = text.split(/^Updating/m);
    for (const part of [preview, update]) {
      assert.match(part, /CronJob mplp-main-cronjob updated? .*~spec/);
      assert.match(part, /Role mplp-configuration-role updated? .*~rules/);
      assert.match(part, /NetworkPolicy mplp-cache-egress created? /);
    }
    assert.equal((await live("cronjob", "mplp-backup")).spec.suspend, false);
    assert.deepEqual((await live("role", "mplp-config-backup")).rules, rules);
    assert.equal(await egress("mplp-redis-backup"), declared);
    assert.equal(
      await egress("mplp-backup"),
      declared + 1,
      "the vendor finds appended elements now: say so in docs/drift.md",
    );
  });

  it("takes over what was applied by hand, as docs/adopt.md says", async () => {
    const cronJob = "mplp-backup";
    await kubectl("delete", "cronjob", cronJob);
    await sandbox.run("pulumi", "state", "delete", await urn("mplp-main-cronjob"), "--yes", "--stack=sandbox");
    writeFileSync(join(sandbox.folder, "by-hand.json"), JSON.stringify(byHand));
    await kubectl("apply", "--filename=by-hand.json");
    const { uid } = (await live("cronjob", cronJob)).metadata;

    await make("adopt", "sandbox", "RESOURCE=mplp-main-cronjob", `ID=mplp-production/${cronJob}`);
    const { updated, ...others } = counts(await pulumi("home", "up", "--policy-pack", policyPack));
    assert.ok(updated);
    assert.deepEqual(Object.keys(others), ["unchanged"]);
    const { metadata, spec } = await live("cronjob", cronJob);
    assert.deepEqual([metadata.uid, spec.concurrencyPolicy, spec.timeZone], [uid, "Forbid", "Etc/UTC"]);
  });

  it("is made whole by `make recover` after the engine was killed", async () => {
    edit(sandbox.folder, "Pulumi.sandbox.yaml", "[mplp]", "[js-mcp, mplp]");
    edit(sandbox.folder, "Pulumi.sandbox.yaml", retired, "[task-mcp, tapio, lang-observatory]");
    // Recovery, too, continues where an object was changed with kubectl.
    await kubectl("patch", "cronjob", "mplp-backup", "--patch", '{"spec": {"suspend": true}}');
    await killedUp(20);
    const text = await make("recover", "sandbox");
    const { unchanged = 0, ...others } = counts(text);
    // The provider's, whose switch the last step takes back.
    assert.deepEqual(others, { updated: 1 });
    assert.ok(unchanged > whole + 40, text);
    whole = unchanged + 1;
  });

  it("deletes everything, and leaves no object behind", async () => {
    await sandbox.run("pulumi", "state", "unprotect", "--all", "--yes", "--stack", "sandbox");
    assert.deepEqual(counts(await pulumi("list", "destroy", "--skip-preview")), { deleted: whole });
    assert.equal(await sandbox.run("kubectl", "get", kinds, "--all-namespaces", own, "--output=name"), "");
  });

  it("previews prod and staging without a cluster", async () => {
    for (const text of await previews) {
      const { "to create": created, ...others } = counts(text);
      assert.ok((created ?? 0) > 300, text);
      assert.deepEqual(others, {});
    }
  });

  /** Runs the engine, which must succeed, and returns all that it printed. */
  async function pulumi(form: Form, command: string, ...args: string[]): Promise<string> {
    const { all } = await execa("pulumi", [command, "--yes", "--stack", "sandbox", "--color=never", ...args], {
      ...{ cwd: sandbox.folder, env: { ...sandbox.environment, ...forms[form], ...written }, extendEnv: false },
      ...{ all: true, stdin: "ignore" },
    });
    return all;
  }

  async function make(target: string, stack: string, ...args: string[]): Promise<string> {
    const { all } = await execa("make", ["--silent", target, `STACK=${stack}`, ...args], {
      ...{ cwd: sandbox.folder, env: { ...forms.home, SLOT: sandbox.slot }, all: true, stdin: "ignore" },
    });
    return all;
  }

  /** Runs an `up` whose engine is killed with SIGKILL when it starts its nth create. */
  async function killedUp(nth: number): Promise<void> {
    const engine = execa("pulumi", ["up", "--yes", "--skip-preview", "--stack", "sandbox", "--color=never"], {
      ...{ cwd: sandbox.folder, env: { ...sandbox.environment, ...forms.home }, extendEnv: false },
      ...{ reject: false, stdin: "ignore" },
    });
    let started = 0;
    for await (const line of createInterface({ input: engine.stdout })) {
      if (/ creating \(0s\)/.test(line) && ++started === nth) engine.kill("SIGKILL");
    }
    assert.equal((await engine).signal, "SIGKILL");
  }

  const kubectl = (...args: string[]) => sandbox.run("kubectl", "--namespace=mplp-production", ...args);

  async function live(kind: string, name: string) {
    return JSON.parse(await kubectl("get", kind, name, "--output=json"));
  }

  /** A resource's URN in the state. */
  async function urn(name: string): Promise<string> {
    const { deployment } = JSON.parse(await sandbox.run("pulumi", "stack", "export", "--stack=sandbox"));
    return deployment.resources
      .map((resource: { urn: string }) => resource.urn)
      .find((one: string) => one.endsWith(`::${name}`));
  }
});

/** The last summary that the engine printed: how many resources it did what to. */
function counts(text: string): Record<string, number> {
  const summary = text.slice(text.lastIndexOf("Resources:"));
  return Object.fromEntries(
    [
      ...summary.matchAll(/^ +(?:[^\w\s]+ )?(\d+) (created|updated|deleted|replaced|unchanged|to create|to update)$/gm),
    ].map(([, count, what = ""]) => [what, Number(count)]),
  );
}
