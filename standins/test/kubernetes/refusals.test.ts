import assert from "node:assert/strict";
import { refuseUnsupported } from "../../kubernetes/check.ts";
import { stacks } from "../stack.ts";
import { live, newNamespace, program } from "./cluster.ts";
import { configMap } from "./objects.ts";

describe("the stand-in for kubernetes refuses", () => {
  const newStack = stacks();

  it("a type that is no object of the API, and says what to declare instead", async () => {
    const stack = await newStack();
    const release = { type: "kubernetes:helm.sh/v3:Release", name: "chart", properties: {} };
    const { exitCode, text } = await stack.preview({ ...program([]), resources: [release] });
    assert.notEqual(exitCode, 0);
    assert.match(text, /does not support kubernetes:helm\.sh\/v3:Release; declare the objects that the chart renders/);
  });

  it("every type that is no object of its own", () => {
    const types = ["yaml/v2:ConfigFile", "yaml:ConfigGroup", "kustomize/v2:Directory", "helm.sh/v4:Chart"];
    const lists = ["core/v1:ConfigMapPatch", "apps/v1:DeploymentPatch", "core/v1:ConfigMapList"];
    for (const type of [...types, ...lists]) {
      const token = `kubernetes:${type}`;
      assert.throws(() => refuseUnsupported(token), {
        name: "Problem",
        message: new RegExp(`does not support ${token}; `),
      });
    }
    for (const type of ["core/v1:ConfigMap", "monitoring.coreos.com/v1:PrometheusRule"]) {
      refuseUnsupported(`kubernetes:${type}`);
    }
  });

  it("an object without a name, which a killed engine would make twice", async () => {
    const stack = await newStack();
    const nameless = { type: "kubernetes:core/v1:ConfigMap", name: "nameless", properties: { data: {} } };
    const { exitCode, text } = await stack.preview({ ...program([]), resources: [nameless] });
    assert.notEqual(exitCode, 0);
    assert.match(text, /has a problem: metadata\.name: is missing: .* set metadata\.name/);
  });

  it("provider arguments that it does not act on", async () => {
    const stack = await newStack();
    const { exitCode, text } = await stack.preview(program([], { namespace: "elsewhere" }));
    assert.notEqual(exitCode, 0);
    assert.match(text, /namespace: the sandbox's stand-in for kubernetes does not support this argument/);
  });

  it("up on any stack but sandbox, where a preview shows the program's inputs without contacting anything", async () => {
    const namespace = await newNamespace();
    const stack = await newStack("prod");
    const declared = program([configMap(namespace, "settings", { level: "info" })]);
    const preview = await stack.preview(declared);
    assert.equal(preview.exitCode, 0, preview.text);
    assert.match(preview.text, /on stack prod it contacts nothing/);
    const up = await stack.up(declared);
    assert.notEqual(up.exitCode, 0);
    assert.match(up.text, /refuses to create "settings" on stack prod: it serves the stack sandbox alone/);
    assert.equal(await live("configmap", namespace, "settings"), undefined);
  });
});
