import { createHash } from "node:crypto";
import { Problem } from "../../cli/common/problem.ts";
import { checkInputs } from "../check-inputs.ts";
import type { Handlers, Live, Provider, Request } from "../provider.ts";
import { type Properties, secret, UNKNOWN } from "../values.ts";
import { type Kind, kinds } from "./kinds.ts";

/** The stand-in for the vendor's random plugin. Its values are really random, and generated once. */
export function randomProvider(): Provider {
  const handlers = new Map(kinds.map((kind) => [kind.type, handlersOf(kind)]));
  return { name: "random", version: "4.21.2", resource: (type) => handlers.get(type), invent };
}

/** The same value each time, so that a preview finds no change where the declaration has none. */
function invent({ type, urn }: Request, inputs: Properties): Live {
  const drawn = createHash("sha256").update(urn).digest("hex");
  const kind = kinds.find((one) => one.type === type);
  const outputs = Object.fromEntries((kind?.outputs ?? []).map((name) => [name, inputs.min ?? drawn]));
  return { id: drawn, state: kind?.secret ? secrets(outputs) : outputs };
}

function handlersOf(kind: Kind): Handlers {
  return {
    check: ({ inputs }) => checkInputs(kind.inputs, inputs, `the random stand-in's ${kind.type}`),
    // Other arguments are another drawing.
    replaces: () => true,
    create: async ({ inputs, preview }) => {
      if (preview) {
        return { id: "", state: { ...inputs, ...Object.fromEntries(kind.outputs.map((name) => [name, UNKNOWN])) } };
      }
      const { id, outputs } = kind.draw(inputs);
      return { id, state: { ...inputs, ...(kind.secret ? secrets(outputs) : outputs) } };
    },
    read: async ({ id, state, inputs, type }) => {
      if (!state || !inputs) throw new Problem(`the random stand-in cannot import a ${type}`);
      return { id, state: kind.secret ? { ...state, ...secrets(pick(state, kind.outputs)) } : state, inputs };
    },
    update: async ({ type }) => {
      throw new Problem(`a ${type} is never updated, only replaced`);
    },
    delete: async () => {},
  };
}

function secrets(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, secret(value)]));
}

function pick(values: Properties, names: string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
