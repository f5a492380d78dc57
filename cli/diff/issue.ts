import { toMarkdown } from "mdast-util-to-markdown";
import { z } from "zod";
import { type Api, PAGE } from "../github.ts";
import { cleaned } from "./shown.ts";

/** Chooses the issues among which that of a stack is looked for; GitHub creates the label with the first. */
const LABEL = "drift";

/** GitHub refuses a body of more than 65,536 characters. */
const LONGEST = 60_000;

const Issues = z.array(
  z.object({ number: z.int(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
);

/** The first line of a stack's issue, by which it is found again. */
function marker(stack: string): string {
  return `<!-- upkeep drift: ${stack} -->`;
}

/** @param drift as the engine shows it: it is code in the issue, so that no name or value gets a meaning */
export function issueBody(stack: string, drift: string): string {
  const shown = cleaned(drift);
  const value = shown.length > LONGEST ? `${shown.slice(0, LONGEST)}\n…` : shown;
  const says = `Cluster or account are not as stack \`${stack}\` declares them. \`pulumi up --refresh --stack ${stack}\` sets back what was changed by hand; a change that shall stay belongs into the declaration. This issue is edited by each preview, and closed by the first that finds nothing.`;
  return `${marker(stack)}\n${says}\n\n${toMarkdown({ type: "code", value }, { fences: true })}`;
}

/**
 * Opens the one issue of a stack, edits the open one, or closes it.
 *
 * @param body undefined if there is no drift
 * @returns what was done
 */
export async function writeIssue(api: Api, stack: string, body: string | undefined): Promise<string> {
  const open = await openIssue(api, stack);
  if (body === undefined) {
    if (!open) return "no issue is open";
    await api("POST", `/issues/${open.number}/comments`, z.unknown(), {
      body: `Stack \`${stack}\` is as it is declared.`,
    });
    await api("PATCH", `/issues/${open.number}`, z.unknown(), { state: "closed" });
    return `closed issue ${open.number}`;
  }
  if (!open) {
    const title = `Stack ${stack} is not as it is declared`;
    const { number } = await api("POST", "/issues", z.object({ number: z.int() }), { title, body, labels: [LABEL] });
    return `opened issue ${number}`;
  }
  if (open.body !== body) await api("PATCH", `/issues/${open.number}`, z.unknown(), { body });
  return `issue ${open.number} is open`;
}

/** The issue that this command opened: by a bot, and with the stack's marker in its first line. */
async function openIssue(api: Api, stack: string): Promise<z.infer<typeof Issues>[number] | undefined> {
  for (let page = 1; ; page++) {
    const issues = await api("GET", `/issues?state=open&labels=${LABEL}&per_page=${PAGE}&page=${page}`, Issues);
    const own = issues.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(`${marker(stack)}\n`));
    if (own || issues.length < PAGE) return own;
  }
}
