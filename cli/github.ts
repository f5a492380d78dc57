import { z } from "zod";
import { Problem } from "./common/problem.ts";

/** A workflow's variables: https://docs.github.com/actions/reference/workflows-and-actions/variables */
export const Repository = z.object({
  GITHUB_API_URL: z.url(),
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  GITHUB_TOKEN: z.string().min(1),
});

/** How many items a page of a list has: the most that GitHub gives. */
export const PAGE = 100;

export type Api = <T>(method: string, path: string, answer: z.ZodType<T>, body?: object) => Promise<T>;

/** Asks GitHub about the workflow's repository. @throws Problem when it refuses */
export function client({ GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN }: z.infer<typeof Repository>): Api {
  return async (method, path, answer, body) => {
    const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
      method,
      headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: "application/vnd.github+json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Problem(`GitHub answers ${response.status} to ${method} ${path}`);
    return answer.parse(await response.json());
  };
}

/** What a command needs of the workflow's variables. @throws Problem when one is missing, by its name */
export function variablesOf<T>(schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new Problem(`the workflow's variables are incomplete:\n${z.prettifyError(parsed.error)}`);
}
