import assert from "node:assert/strict";
import type { V1PodSpec } from "@kubernetes/client-node";
import { judge, type Mutation, NOT_REACHED } from "./judge.ts";
import { describePlays } from "./play.ts";
import { table } from "./table.ts";

/** A safeguard that is taken away, and the row of the table that must fail without it. */
interface Safeguard {
  without: string;
  row: string;
  mutate: Mutation;
}

/** Changes the text of the program that a container carries. */
const edited =
  (container: string, find: string, put: string): Mutation =>
  (pod) => {
    const found = containers(pod).filter(({ name, command }) => name === container && command?.at(-1)?.includes(find));
    if (found.length === 0)
      throw new Error(`the program of ${container} does not hold ${find}: there is nothing to take away`);
    for (const { command } of found) command?.push((command.pop() as string).replaceAll(find, put));
  };

/** Several changes as one. */
const all =
  (...mutations: Mutation[]): Mutation =>
  (pod, job) => {
    for (const mutate of mutations) mutate(pod, job);
  };

const containers = (pod: V1PodSpec) => [...(pod.initContainers ?? []), ...pod.containers];

const safeguards: Safeguard[] = [
  {
    without: "an end at the first failed command of the dump",
    row: "the connection to the server is cut during the dump",
    mutate: edited("dump", "set -euo pipefail", ""),
  },
  {
    without: "the comparison of the client's major version with the server's",
    row: "the client is older than the server",
    mutate: edited("dump", '!= "$major"', '= ""'),
  },
  {
    without: "the step that verifies",
    row: "the dump is damaged on its disk",
    mutate(pod) {
      pod.initContainers = pod.initContainers?.filter(({ name }) => name !== "verify") ?? [];
    },
  },
  {
    without: "an end at a failed part of a pipe in the verification",
    row: "the dump loses its end on its disk",
    mutate: edited("verify", "set -euo pipefail", "set -eu"),
  },
  {
    without: "the count of the dump's tables",
    row: "the database has no tables",
    mutate: edited("verify", 'if [ "$tables" = 0 ]', "if false"),
  },
  {
    without: "the reading of a Redis dump",
    row: "a bit of the Redis dump flips on its way",
    mutate: edited("verify", 'redis-check-rdb "$ARTEFACT"', 'redis-check-rdb "$ARTEFACT" || true'),
  },
  {
    without: "an end at the first failed command of the upload",
    row: "the bucket does not exist",
    mutate: edited("publish", "set -euo pipefail", ""),
  },
  {
    without: "a put that is refused where its key exists",
    row: "the same key is put twice",
    mutate(pod, job) {
      for (const { name } of containers(pod).filter((one) => one.name.startsWith("publish")))
        edited(name, "--if-none-match '*'", "")(pod, job);
    },
  },
  {
    without: "the check that the bucket keeps versions",
    row: "the bucket keeps no versions",
    mutate: edited("publish", 'if [ "$version" = None ] || [ "$version" = null ]', "if false"),
  },
  {
    without: "the check of S3's certificate",
    row: "S3 shows a certificate that is not trusted",
    mutate: edited("publish", "aws s3api", "aws --no-verify-ssl s3api"),
  },
  {
    without: "the comparison of what is published with what was read back",
    row: "the dump is damaged on its disk after it was verified",
    mutate: edited("publish", 'if [ -n "$read_back" ] &&', "if false &&"),
  },
  {
    without: "a shelf of its own for what is suspect",
    row: "the database shrank",
    mutate: edited("publish", 'if [ -n "$suspect" ]; then tier=suspect; fi', ""),
  },
  {
    without: "the look at the newest backup's start",
    row: "the clock was moved back",
    mutate: edited("publish", " > $now ]]", " == never ]]"),
  },
  {
    without: "the comparison of what was fetched with its manifest",
    row: "a drill: the object is corrupted",
    mutate: edited("fetch", `[ "\${sum%% *}" = "$sha256" ] ||`, "true ||"),
  },
  {
    without: "the comparison of the data's newest time with the dump's",
    row: "a drill: the data is stale",
    mutate: edited("drill", '[ -z "$stale" ] ||', "true ||"),
  },
  {
    without: "the answers of the assertions",
    row: "a drill: an assertion does not hold",
    mutate: edited("drill", '[ -z "$untrue" ] ||', "true ||"),
  },
  {
    without: "an end where the API refuses a kind",
    row: "one kind is denied in an export",
    mutate: edited(
      "export",
      `throw new Error(\`\${api} answers \${status} to GET`,
      `return Object({ items: [], metadata: {} }, \`\${api} answers \${status} to GET`,
    ),
  },
  {
    without: "the confirmation of what a restore replaces",
    row: "a restore of postgres, whose target is not empty",
    mutate: all(
      edited("before-restore", `if [ -z "\${CONFIRM:-}" ]`, "if false"),
      edited("before-restore", 'if [ "$CONFIRM" != "$TARGET" ]', "if false"),
      edited("restore", `if [ "\${CONFIRM:-}" != "\${TARGET:-}" ]`, "if false"),
    ),
  },
  {
    without: "the confirmation of what a restore of Redis replaces",
    row: "a restore of redis, whose target is not empty",
    mutate: all(
      edited("before-restore", `if [ -z "\${CONFIRM:-}" ]`, "if false"),
      edited("restore", ` || [ "\${CONFIRM:-}" != "$TARGET" ]`, ""),
    ),
  },
  {
    without: "the rule that a drained node is no failure",
    row: "the node is drained during the dump",
    mutate(_, job) {
      assert.ok(job.podFailurePolicy, "there is nothing to take away");
      delete job.podFailurePolicy;
    },
  },
];

describePlays(
  "the table of faults",
  ["postgres", "redis", "configuration"],
  safeguards.map(({ without, row: name, mutate }) => ({
    title: `turns red without ${without}: ${name}`,
    async play(stage) {
      const row = table.find((one) => one.name === name);
      assert.ok(row, `the table has no row "${name}"`);
      await assert.rejects(judge(stage, row, mutate), (error: Error) => {
        assert.equal(error.name, "AssertionError", error.stack);
        assert.doesNotMatch(error.message, new RegExp(NOT_REACHED));
        return true;
      });
    },
  })),
);
