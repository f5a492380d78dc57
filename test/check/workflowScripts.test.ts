import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Script, scripts, workflows } from "./workflows.ts";

/** Programs that a runner has; here each is a fake that writes down how it is called. */
const fakes = ["npm", "npx", "pulumi", "aws", "curl", "make", "sudo", "node"];

const fake = `#!/bin/sh
# A fake. The real node reads a token of the script's own.
if [ "\${0##*/}" = node ] && [ "$1" = -p ]; then exec "$NODE" "$@"; fi
for word in "\${0##*/}" "$@"; do printf '%s|' "$word"; done >> "$CALLS"
echo >> "$CALLS"
case "\${0##*/} $1" in
  "curl "*) echo '{"count":1,"value":"the-token"}' ;;
  "aws sts") printf 'an-id\\ta-secret\\ta-session\\n' ;;
esac
`;

const login = [
  "curl|--fail|--silent|--show-error|--header|Authorization: bearer request-token|https://token.example.com?a=b&audience=sts.amazonaws.com|",
  "aws|sts|assume-role-with-web-identity|--role-arn|{{ inputs.role }}|--role-session-name|upkeep-42|--web-identity-token|the-token|--query|Credentials.[AccessKeyId,SecretAccessKey,SessionToken]|--output|text|",
  "aws|configure|set|aws_access_key_id|an-id|",
  "aws|configure|set|aws_secret_access_key|a-secret|",
  "aws|configure|set|aws_session_token|a-session|",
];
const install = ["npm|ci|--ignore-scripts|"];
const cluster = ["aws|eks|update-kubeconfig|--name|{{ inputs.cluster }}|--alias|{{ inputs.context }}|"];

/** What each script calls; an expression stands for its value. */
const called: Record<string, string[]> = {
  "comment.yaml: 1": install,
  "comment.yaml: 2": ["node|cli/main.ts|comment|/runner/reports/reports.json|"],
  "nightly.yaml: 1": ["sudo|env|PATH=$PATH|HOME=$HOME|make|nightly|"],
  "pull-request.yaml: 1": [
    "make|--silent|diff|BASE={{ github.event.pull_request.base.sha }}|STACK=staging prod|FORMAT=json|",
  ],
  "reusable-comment.yaml: 1": install,
  "reusable-comment.yaml: 2": ["npx|--no-install|upkeep|comment|/runner/reports/reports.json|"],
  "reusable-diff.yaml: 1": install,
  "reusable-diff.yaml: 2": [
    "npx|--no-install|upkeep|diff|--base={{ github.event.pull_request.base.sha }}|--json|{{ inputs.stacks }}|",
  ],
  "reusable-diff.yaml: 3": ["npm|test|--if-present|"],
  "reusable-drift.yaml: 1": install,
  "reusable-drift.yaml: 2": login,
  "reusable-drift.yaml: 3": cluster,
  "reusable-drift.yaml: 4": ["npx|--no-install|upkeep|drift|--issue|{{ inputs.stack }}|"],
  "reusable-up.yaml: 1": install,
  "reusable-up.yaml: 2": login,
  "reusable-up.yaml: 3": cluster,
  "reusable-up.yaml: 4": [
    "pulumi|up|--yes|--non-interactive|--stack|{{ inputs.stack }}|--policy-pack|{{ inputs.policy-pack }}|",
  ],
  "test.yaml: 1": ["sudo|env|PATH=$PATH|HOME=$HOME|.ci/run|"],
};

/** What a runner sets, and a value for an input that is split into words. */
const given = {
  RUNNER_TEMP: "/runner",
  GITHUB_RUN_ID: "42",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example.com?a=b",
};

describe("the scripts of the workflows", function () {
  this.timeout("2m");
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "upkeep-workflows-"));
    for (const name of fakes) {
      await writeFile(join(folder, name), fake);
      await chmod(join(folder, name), 0o755);
    }
  });
  after(() => rm(folder, { recursive: true }));

  async function run({ run, env, flags }: Script): Promise<{ calls: string[]; stdout: string }> {
    const calls = join(folder, "calls");
    await writeFile(calls, "");
    const command = env.UPKEEP && { UPKEEP: "npx --no-install upkeep" };
    const own = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, CALLS: calls, NODE: process.execPath };
    const { stdout } = await execa("bash", [...flags, "-c", run], {
      ...{ cwd: folder, extendEnv: false, env: { ...given, ...env, ...command, ...own } },
    });
    const lines = (await readFile(calls, "utf8"))
      .replaceAll(own.PATH, "$PATH")
      .replaceAll(`HOME=${folder}`, "HOME=$HOME");
    return { calls: lines.trim().split("\n"), stdout };
  }

  for (const script of scripts()) {
    it(`call what they should, with each value as one word: ${script.name}`, async () => {
      assert.deepEqual((await run(script)).calls, called[script.name]);
    });
  }

  it("hide what they log in with, once they have it", async () => {
    for (const script of scripts().filter(({ run }) => run.includes("assume-role"))) {
      const { stdout } = await run(script);
      assert.equal(stdout, "::add-mask::a-secret\n::add-mask::a-session");
    }
  });

  it("hold no expression, which would become code", () => {
    assert.deepEqual(
      scripts().filter(({ run }) => run.includes("${{")),
      [],
    );
  });

  it("are called with inputs that there are, and all that are required", () => {
    const known = workflows();
    for (const [file, { jobs }] of known) {
      for (const { uses, with: values = {} } of Object.values(jobs).filter(({ uses }) => uses !== undefined)) {
        const inputs = known.get(uses?.split("/").at(-1) as string)?.on.workflow_call?.inputs ?? {};
        assert.deepEqual(
          Object.keys(values).filter((name) => !(name in inputs)),
          [],
          file,
        );
        const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
        assert.deepEqual(
          required.filter((name) => !(name in values)),
          [],
          file,
        );
      }
    }
  });
});
