import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Problem } from "../../cli/common/problem.ts";
import { checkInputs } from "../check-inputs.ts";
import { type Handlers, InitializationFailed } from "../provider.ts";
import { isObject, type Properties, UNKNOWN } from "../values.ts";
import type { Api } from "./api.ts";
import { inApiWords } from "./errors.ts";
import type { Kind } from "./kind.ts";

/** What all kinds need of the provider that they belong to. */
export interface Surroundings {
  api(): Api;
  region(): string | undefined;
  /** Of the provider's `defaultTags`. */
  defaultTags(): Record<string, string>;
}

/** A kind as the engine's operations: what is the same for every AWS resource. */
export function handlersOf(kind: Kind, surroundings: Surroundings): Handlers {
  const stand = `the aws stand-in's ${kind.type}`;
  const argumentNames = Object.keys(kind.inputs.shape);
  // Every resource but IAM's can be in another region than the provider's.
  const isRegional = !kind.type.startsWith("aws:iam/");
  const schema = isRegional ? kind.inputs.extend({ region: z.string().optional() }) : kind.inputs;
  const localNames = Object.keys(kind.local ?? {});

  const respell = (before: Properties | undefined, values: Properties) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => {
        const old = before?.[key];
        if (old === undefined || isDeepStrictEqual(old, value)) return [key, value];
        return [key, kind.respell?.[key]?.(old, value) ?? value];
      }),
    );

  /** Outputs that follow from the arguments alone. */
  const derived = (inputs: Properties): Properties => ({
    ...(isRegional ? { region: inputs.region ?? surroundings.region() ?? UNKNOWN } : {}),
    ...("tags" in kind.inputs.shape ? { tagsAll: inputs.tags ?? {} } : {}),
  });

  const withDefaultTags = (inputs: Properties): Properties => {
    const { tags = {} } = inputs;
    if (!("tags" in kind.inputs.shape) || !isObject(tags)) return inputs;
    const all = { ...surroundings.defaultTags(), ...tags };
    return Object.keys(all).length === 0 ? inputs : { ...inputs, tags: all };
  };

  /** The whole state: what the API has, in the spelling of `before`, and what no API keeps. */
  const readState = async (id: string, before: Properties | undefined): Promise<Properties | undefined> => {
    const found = await kind.read(surroundings.api(), id);
    if (found === undefined) return undefined;
    const parsed = kind.inputs.safeParse(pick(found, argumentNames));
    const actual = { ...found, ...(parsed.success ? parsed.data : {}) };
    const local = { ...kind.local, ...pick(before ?? {}, localNames) };
    return { ...local, ...respell(before, actual), ...derived(actual) };
  };

  return {
    check: ({ inputs, oldInputs }) => {
      const checked = checkInputs(schema, withDefaultTags(inputs), stand);
      return { ...checked, inputs: respell(oldInputs, checked.inputs) };
    },

    replaces: ([first]) => kind.replaceOn.includes(String(first)) || (isRegional && first === "region"),

    deleteBeforeReplace: ({ inputs, oldInputs }) =>
      kind.name !== undefined && inputs[kind.name] === oldInputs[kind.name],

    create: async ({ inputs, preview }) => {
      if (preview) return { id: "", state: { ...unknown(kind.computed), ...inputs, ...derived(inputs) } };
      refuseOtherRegion(kind, inputs, surroundings);
      const id = await apiWords(kind.create(surroundings.api(), withoutRegion(inputs)));
      try {
        await kind.complete?.(surroundings.api(), id, withoutRegion(inputs));
        const state = await readState(id, inputs);
        if (state === undefined) throw new Error(`${kind.type} "${id}" was created, but cannot be read`);
        return { id, state };
      } catch (error) {
        throw new InitializationFailed({ id, state: inputs }, [(inApiWords(error) as Error).message]);
      }
    },

    read: async ({ id, inputs: before }) => {
      const state = await apiWords(readState(id, before));
      if (state === undefined) return undefined;
      const inputs = kind.declared?.(state, before) ?? state;
      // No API says the region: it is where the resource was found.
      return { id, state, inputs: { ...pick(before ?? {}, ["region"]), ...pick(inputs, argumentNames) } };
    },

    update: async ({ id, inputs, oldInputs, state, preview }) => {
      if (preview) return { ...without(state, Object.keys(oldInputs)), ...inputs, ...derived(inputs) };
      await apiWords(kind.update?.(surroundings.api(), id, withoutRegion(inputs), withoutRegion(oldInputs)));
      const updated = await apiWords(readState(id, inputs));
      if (updated === undefined) throw new Error(`${kind.type} "${id}" does not exist any more; run: pulumi refresh`);
      return updated;
    },

    delete: async ({ id, inputs }) => apiWords(kind.delete(surroundings.api(), id, withoutRegion(inputs))),
  };
}

/** What a kind is given: the region chooses the server, and is no part of a request. */
export function withoutRegion({ region: _, ...inputs }: Properties): Properties {
  return inputs;
}

/** @throws Problem where it is to be in a region that the servers are not in: there is no other */
function refuseOtherRegion({ type }: Kind, { region }: Properties, surroundings: Surroundings): void {
  const own = surroundings.region();
  if (region === undefined || region === own) return;
  throw new Problem(`${type} in region ${String(region)}: the stand-in's servers are in ${own} alone`);
}

async function apiWords<T>(call: Promise<T> | undefined): Promise<T> {
  try {
    return (await call) as T;
  } catch (error) {
    throw inApiWords(error);
  }
}

function unknown(names: string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}

function pick(values: Properties, names: string[]): Properties {
  return Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
}

function without(values: Properties, names: string[]): Properties {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
