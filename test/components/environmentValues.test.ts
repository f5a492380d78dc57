import assert from "node:assert/strict";
import { jobPod } from "../../components/jobs/pod.ts";

/** What the kubelet makes of a variable's value. Source: k8s.io/kubernetes/third_party/forked/golang/expansion. */
function expanded(value: string, known: Record<string, string>): string {
  return value.replace(/\$(\$|\(([^)]*)\))/g, (whole, second, name) => (second === "$" ? "$" : (known[name] ?? whole)));
}

describe("a variable of a job's pod", () => {
  it("reaches the program as it was written, whatever the kubelet expands", () => {
    const written = ["$$order$$", "'$(HOME)'", "pa$$word$(PGHOST)$", "$", "$$$", "plain"];
    const step = {
      name: "a",
      image: "a:1",
      program: "echo $HOME $$ $(date)",
      user: 1000,
      memory: "64Mi" as const,
      environment: [
        ...written.map((value, index) => ({ name: `V${index}`, value })),
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "b" } } },
      ],
    };
    const { containers } = jobPod([step], { size: "1Mi" }, "account") as {
      containers: { command: string[]; env: { name: string; value?: string }[] }[];
    };
    const [{ command, env } = { command: [], env: [] }] = containers;
    const values = env.filter(({ name }) => name.startsWith("V")).map(({ value = "" }) => value);
    assert.deepEqual(
      values.map((value) => expanded(value, { HOME: "/tmp", PGHOST: "db" })),
      written,
    );
    assert.equal(values.at(-1), "plain");
    assert.equal(env.at(-1)?.value, undefined);
    // A program is the author's own text, for its shell.
    assert.equal(command.at(-1), "echo $HOME $$ $(date)");
  });
});
