import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";

type Environment = Record<string, string>;

/** What the tests read of a step of a workflow. */
interface Step {
  run?: string;
  env?: Environment;
}

interface Job {
  uses?: string;
  with?: Record<string, unknown>;
  permissions?: Record<string, string>;
  env?: Environment;
  defaults?: { run?: { shell?: string } };
  steps?: Step[];
}

export interface Workflow {
  on: { workflow_call?: { inputs?: Record<string, { required?: boolean }> } };
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** A script of a workflow, as a runner starts it. */
export interface Script {
  /** `<file>: <number>`, counted from 1 within the workflow. */
  name: string;
  run: string;
  /** Where a value is an expression, its text, which has spaces. */
  env: Environment;
  /** Arguments of bash: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
  flags: string[];
}

/** By file name. */
export function workflows(): Map<string, Workflow> {
  const folder = join(clone, ".github/workflows");
  return new Map(
    globSync("*.yaml", { cwd: folder })
      .sort()
      .map((file) => [file, parse(readFileSync(join(folder, file), "utf8"))]),
  );
}

/** Each script of each workflow. */
export function scripts(): Script[] {
  return [...workflows()].flatMap(([file, { jobs }]) =>
    Object.values(jobs)
      .flatMap((job) => (job.steps ?? []).map((step) => ({ job, step })))
      .filter(({ step }) => step.run !== undefined)
      .map(({ job, step }, index) => ({
        name: `${file}: ${index + 1}`,
        run: step.run as string,
        env: unevaluated({ ...job.env, ...step.env }),
        flags: job.defaults?.run?.shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"],
      })),
  );
}

function unevaluated(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace(/^\$/, "")]));
}
