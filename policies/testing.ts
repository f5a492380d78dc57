import * as sdk from "@pulumi/policy";
import { parseAllDocuments } from "yaml";
import type { Fault } from "../domain/values/fault.ts";
import { policies as ours } from "./policies.ts";

/** The exports of `upkeep/testing`: what policies say of resources, without an engine. */

/** A policy of any pack, such as one of `upkeep/policies`. */
export type Policy = sdk.ResourceValidationPolicy | sdk.StackValidationPolicy;

/** Put in place of a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a program registers it. */
export interface Resource {
  /** Type token, such as `aws:s3/bucket:Bucket` or `kubernetes:batch/v1:CronJob`. */
  type: string;
  name: string;
  /** Its inputs; a value that is {@link UNKNOWN} is not known yet. */
  props: object;
  /** Name of the component that made it, among the resources. */
  parent?: string;
  /** Whether it counts as made by a component of Upkeep: all rules then block. */
  ours?: boolean;
  /** Its resource option. */
  protect?: boolean;
  /** Names of the resources that a property's value comes from. */
  from?: Readonly<Record<string, readonly string[]>>;
}

/** What one policy says of one resource. */
export interface Report {
  policy: string;
  /** The resource's name. */
  resource: string;
  urn: string;
  level: sdk.EnforcementLevel;
  message: string;
  /** What it found; empty for a policy of another pack, which has a message alone. */
  faults: readonly Fault[];
  /** Paths of what it could not judge, because a preview does not know it. */
  unknown: readonly string[];
}

export interface Options {
  /** @default those of `upkeep/policies` */
  policies?: readonly Policy[];
  /** The settings of policies, by name, as a configuration file has them. */
  config?: Readonly<Record<string, Record<string, unknown>>>;
}

/** What policies say of one manifest, such as a CronJob. @param document with apiVersion and kind */
export function judgeDocument(document: Document, options: Options & Pick<Resource, "ours"> = {}): Report[] {
  return judgeStack(resourcesOf([document], options), options);
}

/** What policies say of the manifests in a YAML file. @param text its content, of one document or several */
export function judgeYaml(text: string, options: Options & Pick<Resource, "ours"> = {}): Report[] {
  const documents = parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as unknown;
  });
  return judgeStack(resourcesOf(documents, options), options);
}

/** What policies say of a stack: each resource by itself, then all of them together. */
export function judgeStack(stack: readonly Resource[], { policies = ours, config = {} }: Options = {}): Report[] {
  const resources = registered(stack);
  return policies.flatMap((policy) => {
    const own = config[policy.name] ?? {};
    if ("validateStack" in policy) return ofStack(policy, resources, own);
    if (!("validateResource" in policy)) return [];
    return resources.flatMap((resource) => ofResource(policy, resource, own));
  });
}

/** Policy, code and path of each fault that was found, for assertions; an unknown value has the code `unknown`. */
export function findings(reports: readonly Report[]): [policy: string, code: string, path: string][] {
  return reports.flatMap(({ policy, faults, unknown }) => [
    ...faults.map(({ code, path }): [string, string, string] => [policy, code, path]),
    ...unknown.map((path): [string, string, string] => [policy, "unknown", path]),
  ]);
}

/** A manifest. */
export interface Document {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: unknown;
  [field: string]: unknown;
}

/** The objects of manifests as the provider's resources, of a `List` each item. */
function resourcesOf(documents: readonly unknown[], { ours = false }: Pick<Resource, "ours">): Resource[] {
  const objects = documents.flatMap((one) => {
    if (typeof one !== "object" || one === null) return [];
    const document = one as Document;
    return document.kind === "List" && Array.isArray(document.items) ? (document.items as Document[]) : [document];
  });
  return objects.map((document, index) => {
    const version = String(document.apiVersion ?? "v1");
    const { name } = (document.metadata ?? {}) as { name?: unknown };
    return {
      type: `kubernetes:${version.includes("/") ? version : `core/${version}`}:${String(document.kind)}`,
      // A name may be of several kinds, or unknown.
      name: typeof name === "string" && name !== UNKNOWN ? `${name}-${index}` : `document-${index}`,
      props: document,
      ours,
    };
  });
}

// Exported, but missing in the SDK's types: throws where something unknown is read, as in a preview.
const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: <T extends object>(value: T) => T };

/** A component of Upkeep in the URN of a resource that counts as ours. */
const OUR_COMPONENT = "upkeep:testing:Component";

interface Registered {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  opts: Record<string, unknown>;
  parent?: Registered;
  dependencies: Registered[];
  propertyDependencies: Record<string, Registered[]>;
}

function registered(stack: readonly Resource[]): Registered[] {
  const byName = new Map(stack.map((resource) => [resource.name, resource]));
  const named = (name: string) => {
    const resource = byName.get(name);
    if (!resource) throw new Error(`the stack has no resource "${name}"`);
    return resource;
  };
  const types = ({ type, parent, ours }: Resource): string => {
    const outer = parent === undefined ? (ours ? OUR_COMPONENT : undefined) : types(named(parent));
    return outer === undefined ? type : `${outer}$${type}`;
  };
  const urn = (resource: Resource) => `urn:pulumi:prod::shop::${types(resource)}::${resource.name}`;
  const made = new Map(
    stack.map((resource) => {
      const { type, name, props, protect = false } = resource;
      const proxied = unknownCheckingProxy(withoutMarks(props) as Record<string, unknown>);
      const own: Registered = {
        ...{ type, name, urn: urn(resource), props: proxied, dependencies: [], propertyDependencies: {} },
        opts: { protect, ...(resource.parent !== undefined && { parent: urn(named(resource.parent)) }) },
      };
      return [resource, own];
    }),
  );
  const of = (name: string) => made.get(named(name)) as Registered;
  return stack.map((resource) => {
    const own = made.get(resource) as Registered;
    if (resource.parent !== undefined) own.parent = of(resource.parent);
    for (const [property, names] of Object.entries(resource.from ?? {})) {
      own.propertyDependencies[property] = names.map(of);
    }
    return own;
  });
}

/** How the SDK marks a secret in what it sends. Policies get the value without it. */
const MARK = "4dabf18193072939515e22adb298388d";

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  // By entry, so that `__proto__` stays a key.
  const entries = Object.entries(value);
  const marked = entries.some(([key]) => key === MARK) && "value" in value;
  return marked ? withoutMarks(value.value) : Object.fromEntries(entries.map(([key, one]) => [key, withoutMarks(one)]));
}

/** What a policy gets besides resources. */
function context(config: Record<string, unknown>) {
  return {
    getConfig: () => config,
    notApplicable: () => undefined,
    stackTags: new Map<string, string>(),
  };
}

type Reporting = (violation: string | { message: string; [field: string]: unknown }, urn?: string) => void;

function ofResource(
  policy: sdk.ResourceValidationPolicy,
  resource: Registered,
  config: Record<string, unknown>,
): Report[] {
  const { parent: _, dependencies: __, propertyDependencies: ___, ...args } = resource;
  const { isType, asType } = typing(resource);
  const validations = [policy.validateResource ?? []].flat();
  return validations
    .filter((one) => isType(one as object) || !("__pulumiType" in one))
    .flatMap((validate) =>
      reported(policy, [resource], resource.urn, (report) =>
        (validate as unknown as (args: object, report: Reporting) => unknown)(
          { ...args, isType, asType, ...context(config) },
          report,
        ),
      ),
    );
}

function ofStack(policy: sdk.StackValidationPolicy, stack: Registered[], config: Record<string, unknown>): Report[] {
  return reported(policy, stack, "", (report) =>
    (policy.validateStack as unknown as (args: object, report: Reporting) => unknown)(
      { resources: stack.map((one) => Object.assign(one, typing(one))), ...context(config) },
      report,
    ),
  );
}

/** The methods by which a policy asks for the type of a resource. */
function typing({ type, props }: Pick<Registered, "type" | "props">) {
  const isType = (wanted: { __pulumiType?: string }) => wanted.__pulumiType === type;
  return { isType, asType: (wanted: { __pulumiType?: string }) => (isType(wanted) ? props : undefined) };
}

function reported(
  policy: Policy,
  stack: readonly Registered[],
  defaultUrn: string,
  run: (report: Reporting) => unknown,
): Report[] {
  const reports: Report[] = [];
  const result = run((violation, urnOfText) => {
    const {
      message,
      urn = urnOfText ?? defaultUrn,
      faults = [],
      unknown = [],
      enforcementLevel,
    } = (typeof violation === "string" ? { message: violation } : violation) as {
      message: string;
      urn?: string;
      faults?: Fault[];
      unknown?: string[];
      enforcementLevel?: sdk.EnforcementLevel;
    };
    const resource = stack.find((one) => one.urn === urn)?.name ?? "";
    const level = enforcementLevel ?? policy.enforcementLevel ?? "advisory";
    reports.push({ policy: policy.name, resource, urn, level, message, faults, unknown });
  });
  if (result instanceof Promise) throw new Error(`${policy.name} is asynchronous: await its own function instead`);
  return reports;
}
