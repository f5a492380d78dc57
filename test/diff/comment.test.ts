import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { MARKER } from "../../cli/diff/markdown.ts";
import { type Asked, FakeGitHub } from "./fakeGitHub.ts";
import { reportWith } from "./reports.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** GitHub's API, as far as the command asks it: one repository with one open pull request from a fork. */
class GitHub extends FakeGitHub {
  readonly comments: Comment[] = [];
  readonly asked: string[] = [];

  constructor() {
    super((asked) => this.#answer(asked));
  }

  #answer({ method, url, body, authorization }: Asked): { status: number; answer: unknown } {
    this.asked.push(`${method} ${url}`);
    if (authorization !== "Bearer t") return { status: 401, answer: {} };
    if (method === "GET" && url === "/repos/o/r/pulls?state=open&head=fork%3Aa%26b") {
      return {
        status: 200,
        answer: [
          { number: 6, head: { sha: "f".repeat(40) } },
          { number: 7, head: { sha: SHA } },
        ],
      };
    }
    const [, page] = /^\/repos\/o\/r\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(url) ?? [];
    if (method === "GET" && page) {
      return { status: 200, answer: this.comments.slice((Number(page) - 1) * 100, Number(page) * 100) };
    }
    if (method === "POST" && url === "/repos/o/r/issues/7/comments") {
      this.comments.push({ id: this.comments.length, body: JSON.parse(body).body, user: { type: "Bot" } });
      return { status: 201, answer: {} };
    }
    const [, id] = /^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(url) ?? [];
    const comment = this.comments.find((one) => one.id === Number(id));
    if (method !== "PATCH" || !comment) return { status: 404, answer: {} };
    comment.body = JSON.parse(body).body;
    return { status: 200, answer: {} };
  }
}

describe("the command that writes the comment", function () {
  this.timeout("1m");
  let github: GitHub;
  let url: string;
  let folder: string;
  beforeEach(async () => {
    github = new GitHub();
    url = await github.listen();
    folder = await mkdtemp(join(tmpdir(), "upkeep-comment-"));
  });
  afterEach(async () => {
    github.close();
    await rm(folder, { recursive: true });
  });

  async function comment(reports: unknown, variables: Record<string, string> = {}) {
    const file = join(folder, "reports.json");
    await writeFile(file, JSON.stringify(reports));
    const env = {
      ...{ GITHUB_API_URL: url, GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: "t" },
      ...{ HEAD_SHA: SHA, HEAD_OWNER: "fork", HEAD_BRANCH: "a&b", ...variables },
    };
    const args = [join(clone, "cli/main.ts"), "comment", file];
    return execa(process.execPath, args, { env, all: true, reject: false, stdin: "ignore" });
  }

  it("writes one, and edits it from then on, also behind a hundred others and one that only looks like it", async () => {
    github.comments.push({ id: 0, body: `${MARKER} from a person`, user: { type: "User" } });
    github.comments.push({ id: 1, body: "another workflow's", user: { type: "Bot" } });
    for (let id = 2; id < 150; id++) github.comments.push({ id, body: "+1", user: { type: "User" } });
    const first = await comment([reportWith({})]);
    assert.equal(first.exitCode, 0, first.all);
    const second = await comment([reportWith({ costs: [{ what: "KMS keys", before: 1, after: 2 }] })]);
    assert.equal(second.exitCode, 0, second.all);
    assert.equal(github.comments.length, 151);
    assert.match(github.comments[150]?.body ?? "", /^<!-- upkeep diff -->\n.*KMS keys: 1 → 2/s);
    assert.equal(github.comments[0]?.body, `${MARKER} from a person`);
    assert.equal(github.comments[1]?.body, "another workflow's");
  });

  it("writes nothing for a commit that is not the newest of an open pull request", async () => {
    const { exitCode, all } = await comment([reportWith({})], { HEAD_SHA: "e".repeat(40) });
    assert.equal(exitCode, 1);
    assert.match(all, /no open pull request ends with e{40}/);
    assert.equal(github.comments.length, 0);
  });

  const refused: Record<string, unknown> = {
    "text instead of a report": ["@owners"],
    "no report": [],
    "a field that no report has": [{ ...reportWith({}), body: "@owners" }],
    "words that hold a mention": [reportWith({ costs: [{ what: "ask @owners", before: 1, after: 2 }] })],
    "words that hold a link": [reportWith({ costs: [{ what: "[a](https://evil.example.com)", before: 1, after: 2 }] })],
  };
  for (const [title, reports] of Object.entries(refused)) {
    it(`refuses ${title}, and asks GitHub nothing`, async () => {
      const { exitCode, all } = await comment(reports);
      assert.equal(exitCode, 1);
      assert.match(all, /reports\.json is no report of `make diff FORMAT=json`/);
      assert.deepEqual(github.asked, []);
    });
  }
});
