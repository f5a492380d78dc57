import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { type Asked, FakeGitHub } from "./fakeGitHub.ts";

interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  user: { type: string };
  comments: string[];
}

/** GitHub's API of issues, as far as the command asks it; whoever writes is a bot. */
class GitHub extends FakeGitHub {
  readonly issues: Issue[] = [];
  writes = 0;

  constructor() {
    super((asked) => {
      const answer = this.#answer(asked);
      return { status: answer ? 200 : 404, answer: answer ?? {} };
    });
  }

  open(fields: Partial<Issue>): Issue {
    const number = this.issues.length + 1;
    const usual = {
      number,
      title: "",
      body: "",
      state: "open",
      labels: ["drift"],
      user: { type: "Bot" },
      comments: [],
    };
    this.issues.push({ ...usual, ...fields });
    return this.issues.at(-1) as Issue;
  }

  #answer({ method, url, body: text }: Asked): object | undefined {
    const body: Partial<Issue> = text ? JSON.parse(text) : {};
    const [, page] = /^\/repos\/o\/r\/issues\?state=open&labels=drift&per_page=100&page=(\d+)$/.exec(url) ?? [];
    if (method === "GET" && page) {
      const open = this.issues.filter(({ state, labels }) => state === "open" && labels.includes("drift"));
      return open.slice((Number(page) - 1) * 100, Number(page) * 100);
    }
    if (method === "GET") return undefined;
    this.writes++;
    if (method === "POST" && url === "/repos/o/r/issues") return this.open(body);
    const [, number, part] = /^\/repos\/o\/r\/issues\/(\d+)(\/comments)?$/.exec(url) ?? [];
    const issue = this.issues[Number(number) - 1];
    if (issue && part) issue.comments.push(body.body ?? "");
    else if (issue) Object.assign(issue, body);
    return issue;
  }
}

/** A fake of Pulumi: it says what the file beside it holds, and writes down how it was asked. */
const fakePulumi = `#!/bin/sh
cd "\${0%/*}" || exit 1
if [ "$1" = version ]; then echo v3.259.0; exit; fi
for word in "$@"; do echo "$word"; done > asked
cat says
exit "$(cat code)"
`;

const differs = `     Type                                Name                 Plan       Info
 ~   └─ kubernetes:batch/v1:CronJob      shop-orders-cronjob  update     [diff: ~spec]
error: no changes were expected but changes were proposed`;

describe("the command that looks for drift", function () {
  this.timeout("5m");
  let github: GitHub;
  let url: string;
  let folder: string;
  beforeEach(async () => {
    github = new GitHub();
    url = await github.listen();
    folder = await mkdtemp(join(tmpdir(), "upkeep-drift-"));
    await writeFile(join(folder, "pulumi"), fakePulumi);
    await chmod(join(folder, "pulumi"), 0o755);
  });
  afterEach(async () => {
    github.close();
    await rm(folder, { recursive: true });
  });

  async function drift(says: string, code: number, ...flags: string[]) {
    await Promise.all([writeFile(join(folder, "says"), says), writeFile(join(folder, "code"), String(code))]);
    const PATH = [folder, process.env.PATH].join(delimiter);
    const env = { PATH, GITHUB_API_URL: url, GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: "t" };
    const args = [join(clone, "cli/main.ts"), "drift", "prod", ...flags];
    return execa(process.execPath, args, { env, all: true, reject: false, stdin: "ignore" });
  }

  it("asks the engine to look first, and to change nothing, and ends by what it found", async () => {
    const none = await drift("Resources: 300 unchanged", 0);
    assert.equal(none.exitCode, 0, none.all);
    const asked = (await readFile(join(folder, "asked"), "utf8")).split("\n");
    assert.deepEqual(asked.slice(0, 5), ["preview", "--stack", "prod", "--refresh", "--expect-no-changes"]);
    const found = await drift(differs, 255);
    assert.equal(found.exitCode, 1);
    assert.match(found.all, /shop-orders-cronjob/);
    assert.equal(github.writes, 0);
  });

  it("opens one issue, leaves it as it is, edits it, and closes it once there is no drift", async () => {
    github.open({ body: "<!-- upkeep drift: prod -->\nof a person", user: { type: "User" } });
    github.open({ body: "<!-- upkeep drift: staging -->\nof another stack" });
    for (let count = 0; count < 120; count++) github.open({ user: { type: "User" } });
    const before = structuredClone(github.issues);
    assert.equal((await drift(differs, 255, "--issue")).exitCode, 0);
    const issue = github.issues.at(-1) as Issue;
    assert.equal(github.issues.length, before.length + 1);
    assert.deepEqual(issue.labels, ["drift"]);
    assert.match(issue.body, /^<!-- upkeep drift: prod -->\n.*\n\n```\n.*shop-orders-cronjob.*```\n$/s);
    await drift(differs, 255, "--issue");
    assert.equal(github.writes, 1);
    await drift(differs.replace("orders", "carts"), 255, "--issue");
    assert.match(issue.body, /shop-carts-cronjob/);
    await drift("Resources: 300 unchanged", 0, "--issue");
    assert.equal(issue.state, "closed");
    assert.equal(issue.comments.length, 1);
    assert.deepEqual(github.issues.slice(0, -1), before);
    await drift(differs, 255, "--issue");
    assert.equal(github.issues.length, before.length + 2);
  });

  it("writes nothing where the preview fails for another reason, and says which", async () => {
    const { exitCode, all } = await drift("error: the lock is held by someone", 255, "--issue");
    assert.equal(exitCode, 1);
    assert.match(all, /the preview of prod fails.*the lock is held by someone/s);
    assert.equal(github.writes, 0);
  });

  it("gives a hostile name no meaning in the issue, and hides a credential", async () => {
    const hostile = `${differs}\n\`\`\`\n@owners <img src=x> password=hunter2hunter2 \u202e`;
    await drift(hostile, 255, "--issue");
    const body = github.issues[0]?.body ?? "";
    assert.match(body, /\n````\n.*@owners.*\n````\n$/s);
    assert.doesNotMatch(body, /\u202e/);
  });
});
