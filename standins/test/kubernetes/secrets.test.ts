import assert from "node:assert/strict";
import { stacks } from "../stack.ts";
import { live, newNamespace, program, put } from "./cluster.ts";
import { cronJob } from "./objects.ts";

const password = "correct-horse-battery";
const encoded = Buffer.from(password).toString("base64");

describe("a secret that passes through the Kubernetes provider", () => {
  const newStack = stacks();

  it("is nowhere in the state, in what is printed or in the JSON of a preview", async () => {
    const namespace = await newNamespace();
    const credentials = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials", namespace },
      stringData: { $secret: { password } },
    };
    const annotated = cronJob(namespace, "backup", {}, { annotations: { token: { $secret: password } } });
    const declared = program([credentials, annotated]);
    const stack = await newStack();
    const seen = [await stack.preview(declared), await stack.up(declared)].map(({ text }) => text);
    seen.push((await stack.run(["refresh", "--yes", "--diff"])).text, await stack.stateFile());
    const { data } = await live("secret", namespace, "credentials");
    assert.equal(data.password, encoded);
    for (const text of seen) assertHidden(text);
  });

  it("is taken out of the API's text when that quotes it", async () => {
    const namespace = await newNamespace();
    const rejected = cronJob(namespace, "backup", {}, { labels: { token: { $secret: `${password} is no label` } } });
    const stack = await newStack();
    const { exitCode, text } = await stack.up(program([rejected]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /metadata\.labels: Invalid value: "\[secret\]"/);
    assertHidden(text);
  });

  it("is still one when its object is imported", async () => {
    const namespace = await newNamespace();
    await put({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials", namespace, annotations: { [lastApplied]: JSON.stringify({ password }) } },
      stringData: { password },
    });
    const stack = await newStack();
    await stack.up(program([]));
    const { urn } = (await stack.recorded("provider")) ?? {};
    const id = `${namespace}/credentials`;
    const flags = [`--provider=provider=${urn}`, "--generate-code=false", "--yes"];
    const { text } = await stack.run(["import", "kubernetes:core/v1:Secret", "credentials", id, ...flags]);
    assert.equal((await stack.recorded("credentials"))?.id, id, text);
    assertHidden(text);
    assertHidden(await stack.stateFile());
  });
});

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function assertHidden(text: string): void {
  for (const spelling of [password, encoded])
    assert.ok(!text.includes(spelling), `${spelling} is in clear in:\n${text}`);
}
