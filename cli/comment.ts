import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Problem } from "./common/problem.ts";
import { MARKER, markdownOf } from "./diff/markdown.ts";
import { Report } from "./diff/report.ts";
import { cleaned } from "./diff/shown.ts";
import { type Api, client, PAGE, Repository, variablesOf } from "./github.ts";

const Environment = z.object({
  ...Repository.shape,
  /** Of the pull request's commit, and where it comes from, as the event says. */
  HEAD_SHA: z.string().regex(/^[0-9a-f]{40}$/),
  HEAD_OWNER: z.string(),
  HEAD_BRANCH: z.string(),
});
type Environment = z.infer<typeof Environment>;

const PullRequests = z.array(z.object({ number: z.int(), head: z.object({ sha: z.string() }) }));
const Comments = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
);

/**
 * `node cli/main.ts comment FILE`, in a workflow of the base branch: writes the comment of a pull request, or edits the one that it wrote
 * before. The file, which `make diff FORMAT=json` printed, may come from a fork whose code made it: it is data of a known shape, and none of
 * its texts gets a meaning in the comment.
 */
export async function run(args: string[]): Promise<void> {
  const file = parseArgs({ args, allowPositionals: true }).positionals[0];
  if (!file)
    throw new Problem(
      "no file given; allowed: what `make diff FORMAT=json` printed. Try: node cli/main.ts comment reports.json",
    );
  const variables = variablesOf(Environment);
  const api = client(variables);
  const body = markdownOf(await reportsIn(file));
  const number = await pullRequest(api, variables);
  const own = await ownComment(api, number);
  if (own === undefined) await api("POST", `/issues/${number}/comments`, z.unknown(), { body });
  else await api("PATCH", `/issues/comments/${own}`, z.unknown(), { body });
  process.stdout.write(`${own === undefined ? "wrote" : "edited"} the comment of pull request ${number}\n`);
}

async function reportsIn(file: string): Promise<Report[]> {
  const reports = Reports.safeParse(await readFile(file, "utf8"));
  if (reports.success) return cleaned(reports.data);
  throw new Problem(`${file} is no report of \`make diff FORMAT=json\`: ${cleaned(z.prettifyError(reports.error))}`);
}

const Reports = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "it is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(Report).min(1));

/** The open pull request whose newest commit this is: an event from a fork names none. */
async function pullRequest(api: Api, { HEAD_SHA, HEAD_OWNER, HEAD_BRANCH }: Environment): Promise<number> {
  const head = encodeURIComponent(`${HEAD_OWNER}:${HEAD_BRANCH}`);
  const open = await api("GET", `/pulls?state=open&head=${head}`, PullRequests);
  const found = open.find(({ head: { sha } }) => sha === HEAD_SHA);
  if (found) return found.number;
  throw new Problem(
    `no open pull request ends with ${HEAD_SHA}: it was closed, or has a newer commit, whose own run comments`,
  );
}

/** The comment that this workflow wrote before: by a bot, and with its marker in the first line. */
async function ownComment(api: Api, number: number): Promise<number | undefined> {
  for (let page = 1; ; page++) {
    const comments = await api("GET", `/issues/${number}/comments?per_page=${PAGE}&page=${page}`, Comments);
    const own = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(MARKER));
    if (own) return own.id;
    if (comments.length < PAGE) return undefined;
  }
}
