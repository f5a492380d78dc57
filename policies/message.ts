import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { type Fault, faultMessage } from "../domain/values/fault.ts";
import type { Lowered } from "./configured.ts";
import type { Exemption, Subject } from "./exemptions.ts";
import { mends } from "./mends.ts";

/** The parts of a policy that its messages quote. */
export interface Policy {
  name: string;
  description: string;
}

type Resource = ResourceValidationArgs | PolicyResource;

/** Longer lines hide what matters in a terminal and in a pull request's comment. */
const LONGEST_LINE = 400;
/** The faults that a message lists. */
const MOST_LISTED = 12;

/** One message for all faults of a resource. */
export function violationMessage(policy: Policy, resource: Resource, faults: Fault[]): string {
  const head = `${policy.name}: ${subject(resource)}:`;
  const lines = faults.slice(0, MOST_LISTED).map((fault) => cut(faultMessage(discreet(fault)), LONGEST_LINE));
  const more = faults.length > MOST_LISTED ? [`- and ${faults.length - MOST_LISTED} more`] : [];
  const what = lines.length === 1 ? [`${head} ${lines[0]}`] : [head, ...lines.map((line) => `- ${line}`), ...more];
  return [...what, `Why: ${policy.description}`, ...mendOf(policy), pageOf(policy)].join("\n");
}

/** Fewer days warn that an exemption, or a lowered level, ends. */
const SOON_DAYS = 14;

/** For faults that an exemption lets pass: who answers for them, and until when. */
export function exemptMessage(
  policy: Policy,
  resource: Resource,
  faults: Fault[],
  { reason, owner, ticket, until }: Exemption,
  daysLeft: number,
): string {
  const paths = faults.slice(0, MOST_LISTED).map(({ path }) => path);
  const more = faults.length > MOST_LISTED ? ` and ${faults.length - MOST_LISTED} more` : "";
  const what = `${policy.name}: ${subject(resource)}: exempt until ${until}${soon(daysLeft)}: ${paths.join(", ")}${more}.`;
  return [what, `Reason: ${reason} (${owner}, ${ticket})`, pageOf(policy)]
    .map((line) => cut(line, LONGEST_LINE))
    .join("\n");
}

/** For a level below a policy's own. */
export function loweredMessage(policy: Policy, { name, to, reason, until, daysLeft }: Lowered): string {
  const what = name === "all" ? "the whole pack" : name;
  const head = `${policy.name}: ${what} is ${to} until ${until}${soon(daysLeft)}.`;
  return [head, `Reason: ${reason}`, pageOf(policy)].map((line) => cut(line, LONGEST_LINE)).join("\n");
}

function soon(daysLeft: number): string {
  if (daysLeft >= SOON_DAYS) return "";
  const when = ["today", "tomorrow"][daysLeft] ?? `in ${daysLeft} days`;
  return `, which ends ${when}: mend it, or have a new end reviewed`;
}

/** A word with digits in an enumeration's place may be a password that was put there by mistake. */
function discreet(fault: Fault): Fault {
  const [, word] = /^"([\w.-]{8,})"$/.exec(fault.got ?? "") ?? [];
  if (word === undefined || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return fault;
  return { ...fault, got: `${word.length} characters` };
}

/** For values that a preview could not check: each may be a violation, so it must not look like a pass. */
export function uncheckedMessage(policy: Policy, resource: Resource, paths: string[]): string {
  // A stack policy runs after the update, every other one before it.
  const when = "dependencies" in resource ? "at its end" : "before it changes this resource";
  const what = `${policy.name}: ${subject(resource)}: not checked, because not known before the update: ${paths.join(", ")}.`;
  const fix = `Fix: nothing, if it comes from another resource: pulumi up judges it, ${when}.`;
  return [cut(what, LONGEST_LINE), fix, pageOf(policy)].join("\n");
}

/** Names the place in our sources, but omits the error's text: it may quote the resource's values, which may be secret. */
export function bugMessage(policy: Policy, resource: Resource, error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const what = `${policy.name}: ${subject(resource)}: cannot be judged: ${name}${place(error)}.`;
  return [what, "Fix: report this as a bug of the policy pack.", pageOf(policy)].join("\n");
}

function mendOf({ name }: Policy): string[] {
  const mend = mends[name];
  return mend === undefined ? [] : [`For example:${mend.replaceAll("\n", "\n    ")}`];
}

/** The policy's page where the pack is installed: the package holds docs/ too. */
function pageOf({ name }: Policy): string {
  return `More: ${pathToFileURL(resolve(root, "docs/policies", `${name}.md`))}`;
}

/** Kind, name in the cluster if known, and the component that created it: `CronJob shop/backup (in shop-orders-backup)`. */
function subject(resource: Resource): string {
  const { type, name, props } = resource;
  const parent = "dependencies" in resource ? resource.parent?.urn : resource.opts.parent;
  const inComponent = parent && !parent.includes("pulumi:pulumi:Stack::") ? ` (in ${parent.split("::").at(-1)})` : "";
  return `${type.split(":").at(-1)} ${nameInCluster(props) ?? name}${inComponent}`;
}

/** The resource as an exemption names it. */
export function subjectOf({ type, name, props }: Resource): Subject {
  const inCluster = nameInCluster(props);
  return { kind: type.split(":").at(-1) ?? "", names: inCluster === undefined ? [name] : [name, inCluster] };
}

function nameInCluster(props: Record<string, unknown>): string | undefined {
  try {
    const { namespace, name } = (props.metadata ?? {}) as { namespace?: unknown; name?: unknown };
    if (!isName(name)) return undefined;
    return isName(namespace) ? `${namespace}/${name}` : name;
  } catch {
    return undefined;
  }
}

/** Whether Kubernetes takes a text as a name. Any other was put there by mistake, and is not shown: it may be secret. */
function isName(text: unknown): text is string {
  return typeof text === "string" && /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(text);
}

// Compiled, this file is one folder deeper.
const root = resolve(import.meta.dirname, import.meta.url.endsWith(".ts") ? ".." : "../..");

function place(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, url, line] = /(file:\/\/\S+?):(\d+):\d+/.exec(stack) ?? [];
  return url ? ` at ${relative(root, fileURLToPath(url))}:${line}` : "";
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
