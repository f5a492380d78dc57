import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { faultsOf, shownPath } from "../domain/declaration/parse.ts";
import { DeclarationError, type Fault, refuseFaults } from "../domain/values/fault.ts";
import { metaOf, schemaAt } from "../domain/values/schemaFaults.ts";

/**
 * A value that may hold Outputs, such as `host: rds.endpoint`. The compiler accepts one for any text; at run time it is refused where the
 * text is part of a name, a schedule or arithmetic, all of which are needed before anything exists.
 */
export type Passing<T> = T extends string
  ? pulumi.Input<T>
  : T extends (infer Element)[]
    ? Passing<Element>[]
    : T extends object
      ? { [Key in keyof T]: Passing<T[Key]> }
      : T;

/** Values without Outputs, and the way back. */
export interface Passed<T> {
  /** Each Output replaced by a placeholder of its field's form. */
  plain: T;
  /** The options of a component whose children get the Outputs in place of the placeholders. */
  options(own?: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions;
  /** What was derived from `plain`, with the Outputs in it. */
  fill<V>(derived: pulumi.Output<V>): pulumi.Output<V>;
}

interface Placeholder {
  text: string;
  output: pulumi.Output<string>;
}

// With an explicit end: number 1 must not be found in number 10.
const token = (number: number) => `upkeep-output-${number}-end`;
const tokens = /upkeep-output-(\d+)-end/g;

let count = 0;

/**
 * Replaces the Outputs in a declaration or in settings, so that these are validated like any others. Each Output's value is validated
 * once it is known.
 *
 * @param subject what it is, for messages, such as `service "shop"`
 * @throws DeclarationError for an Output where only a plain value is allowed
 */
export function passed<T>(subject: string, schema: z.ZodType, value: Passing<T>): Passed<T> {
  const placeholders = new Map<string, Placeholder>();
  const faults: Fault[] = [];
  const plain = withoutOutputs(value, [], (output, path) => {
    const field = schemaAt(schema, value, path);
    const form = metaOf(field).passedOn;
    const at = shownPath(schema, value, path, "");
    if (form === undefined) {
      faults.push(outputFault(at));
      return "";
    }
    const number = count++;
    const text = form.replace("TOKEN", token(number));
    const judged = pulumi.output(output).apply((known) => {
      const wrong = faultsOf(field, known, at);
      if (wrong.length > 0) throw new pulumi.RunError(new DeclarationError(subject, wrong).message);
      return known;
    });
    placeholders.set(String(number), { text, output: judged });
    return text;
  });
  refuseFaults(subject, faults);
  return {
    plain: plain as T,
    fill: (derived) =>
      placeholders.size === 0 ? derived : derived.apply((known) => filled(known, placeholders) as typeof known),
    options: (own = {}) => {
      if (placeholders.size === 0) return own;
      const transformation: pulumi.ResourceTransformation = ({ props, opts }) => ({
        props: filled(props, placeholders) as pulumi.Inputs,
        opts,
      });
      return { ...own, transformations: [...(own.transformations ?? []), transformation] };
    },
  };
}

function outputFault(path: string): Fault {
  return {
    code: "output-not-allowed",
    path,
    got: "an Output, whose value is known only during the deployment",
    allowed: "a plain value: names, schedules and promises are computed from it",
    fix: "write the value itself, or read it from the stack's configuration",
  };
}

function isLater(value: unknown): value is pulumi.Output<string> | Promise<string> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function withoutOutputs(
  value: unknown,
  path: PropertyKey[],
  replace: (output: pulumi.Output<string> | Promise<string>, path: PropertyKey[]) => string,
): unknown {
  if (isLater(value)) return replace(value, path);
  if (Array.isArray(value)) return value.map((one, index) => withoutOutputs(one, [...path, index], replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withoutOutputs(one, [...path, key], replace)]),
  );
}

function filled(value: unknown, placeholders: ReadonlyMap<string, Placeholder>): unknown {
  if (typeof value === "string") return filledText(value, placeholders);
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return value;
  if (isLater(value)) return pulumi.output(value).apply((known) => filled(known, placeholders));
  if (Array.isArray(value)) return value.map((one) => filled(one, placeholders));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, placeholders)]));
}

function filledText(text: string, placeholders: ReadonlyMap<string, Placeholder>): pulumi.Input<string> {
  const found = [...new Set([...text.matchAll(tokens)].map(([, number]) => number as string))].flatMap(
    (number) => placeholders.get(number) ?? [],
  );
  if (found.length === 0) return text;
  return pulumi
    .all(found.map(({ output }) => output))
    .apply((values) =>
      found.reduce(
        (before, { text: placeholder }, index) => before.replaceAll(placeholder, String(values[index])),
        text,
      ),
    );
}
