import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { type Fault, faultMessage } from "../domain/values/fault.ts";

/** The parts of a policy that its messages quote. */
export interface Policy {
  name: string;
  description: string;
}

type Resource = ResourceValidationArgs | PolicyResource;

/** Longer messages hide what matters in a terminal and in a pull request's comment. */
const LONGEST_MESSAGE = 600;

export function violationMessage(policy: Policy, resource: Resource, fault: Fault): string {
  const rest = [`Why: ${policy.description}`, more(policy)].join("\n");
  const what = `${policy.name}: ${subject(resource)}: ${faultMessage(fault)}`;
  return `${cut(what, LONGEST_MESSAGE - rest.length - 1)}\n${rest}`;
}

/** For values that a preview could not check: each may be a violation, so it must not look like a pass. */
export function uncheckedMessage(policy: Policy, resource: Resource, paths: string[]): string {
  // A stack policy runs after the update, every other one before it.
  const when = "dependencies" in resource ? "at its end" : "before it changes this resource";
  const rest = `Fix: nothing, if it comes from another resource: pulumi up judges it, ${when}.\n${more(policy)}`;
  const what = `${policy.name}: ${subject(resource)}: not checked, because not known before the update: ${paths.join(", ")}.`;
  return `${cut(what, LONGEST_MESSAGE - rest.length - 1)}\n${rest}`;
}

/** Names the place in our sources, but omits the error's text: it may quote the resource's values, which may be secret. */
export function bugMessage(policy: Policy, resource: Resource, error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const what = `${policy.name}: ${subject(resource)}: cannot be judged: ${name}${place(error)}.`;
  return `${what}\nFix: check that the resource has the shape that its API asks for; if it has, report this as a bug of the policy pack.\n${more(policy)}`;
}

function more({ name }: Policy): string {
  return `More: docs/policies/${name}.md`;
}

/** Kind, name in the cluster if known, and the component that created it: `CronJob shop/backup (in shop-orders-backup)`. */
function subject(resource: Resource): string {
  const { type, name, props } = resource;
  const parent = "dependencies" in resource ? resource.parent?.urn : resource.opts.parent;
  const inComponent = parent && !parent.includes("pulumi:pulumi:Stack::") ? ` (in ${parent.split("::").at(-1)})` : "";
  return `${type.split(":").at(-1)} ${nameInCluster(props) ?? name}${inComponent}`;
}

function nameInCluster(props: Record<string, unknown>): string | undefined {
  try {
    const { namespace, name } = (props.metadata ?? {}) as { namespace?: string; name?: string };
    return name && (namespace ? `${namespace}/${name}` : name);
  } catch {
    return undefined;
  }
}

const clone = resolve(import.meta.dirname, "..");

function place(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, url, line] = /(file:\/\/\S+?):(\d+):\d+/.exec(stack) ?? [];
  return url ? ` at ${relative(clone, fileURLToPath(url))}:${line}` : "";
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
