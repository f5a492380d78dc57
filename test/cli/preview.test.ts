import assert from "node:assert/strict";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { withoutCluster, withoutSecrets } from "../../cli/previewedConfig.ts";
import { previewed } from "./previewed.ts";

const make = (...args: string[]) =>
  execa("make", ["--silent", ...args], { cwd: clone, all: true, reject: false, stdin: "ignore" });
const changes = async () => (await execa("git", ["status", "--porcelain"], { cwd: clone })).stdout;

describe("`make preview`", function () {
  this.timeout("5m");

  for (const stack of ["prod", "staging"]) {
    it(`shows what ${stack} would create, with the policy pack, and touches no tracked file`, async () => {
      const before = await changes();
      const { exitCode, all } = await make("preview", `STACK=${stack}`);
      assert.equal(exitCode, 0, all);
      assert.match(all, /(✅|⚠️) upkeep-policies@/u);
      // The policies of buckets and roles name keys that do not exist yet; all else is judged.
      const unjudged = [...all.matchAll(/not known before the update: (.*)\.$/gm)].map(([, paths]) => paths);
      assert.deepEqual([...new Set(unjudged)].sort(), ["BucketPolicy.policy", "policy"]);
      assert.match(all, /kubernetes:batch\/v1:CronJob\s+\S+-cronjob\s+create/);
      assert.match(all, /\+ \d+ to create/);
      assert.equal(await changes(), before);
    });
  }

  it("says which providers may be chosen", async () => {
    const { exitCode, all } = await execa("make", ["--silent", "preview", "STACK=prod"], {
      ...{ cwd: clone, all: true, reject: false, stdin: "ignore" },
      env: { PROVIDERS: "mine" },
    });
    assert.notEqual(exitCode, 0);
    assert.match(all, /PROVIDERS is "mine"; allowed: stand-ins, vendor-kubernetes, vendor\. Fix: /);
  });

  for (const stack of ["prod", "staging"]) {
    it(`asks no cluster what it has, though the user's own kubeconfig has the context ${stack}, and says so`, async () => {
      const { messages, connections } = await previewed(stack);
      assert.match(messages.join("\n"), new RegExp(`no context "${stack}" in /dev/null`));
      assert.equal(connections, 0);
    });
  }

  it("takes no kubeconfig from the configuration of a real stack", () => {
    const kubernetes = { context: "prod", kubeconfig: "~/.kube/prod", apiEgress: [] };
    const config = { "upkeep:services": ["shop"], "upkeep:kubernetes": kubernetes };
    assert.deepEqual(withoutCluster("prod", config), {
      "upkeep:services": ["shop"],
      "upkeep:kubernetes": { context: "prod", apiEgress: [] },
    });
    assert.deepEqual(withoutCluster("sandbox", config), config);
  });

  it("needs no passphrase for encrypted values, and has another text for another one", () => {
    const [one, other] = ["v1:a", "v1:b"].map((secure) =>
      withoutSecrets({ "shop:token": { secure }, "shop:list": [{ secure }] }),
    );
    const text = one?.["shop:token"];
    assert.match(String(text), /^encrypted-[0-9a-f]{16}$/);
    assert.deepEqual(one?.["shop:list"], [text]);
    assert.notEqual(other?.["shop:token"], text);
    const plain = {
      "upkeep:aws": { account: "1" },
      "upkeep:services": ["shop"],
      "shop:secure": { secure: "a", too: 1 },
    };
    assert.deepEqual(withoutSecrets(plain), plain);
  });

  it("names the stacks that there are when it is asked for another", async () => {
    const { exitCode, all } = await make("preview", "STACK=production");
    assert.notEqual(exitCode, 0);
    assert.match(all.trim().split("\n")[0] ?? "", /^"production".* prod, sandbox, staging.*\bmake preview STACK=prod$/);
  });

  it("asks for a stack when it is given none", async () => {
    const { all } = await make("preview");
    assert.match(all, /^.*stack.* prod, sandbox, staging.*\bmake preview STACK=prod$/m);
  });
});
