import type { z } from "zod";
import { Problem } from "../../cli/common/problem.ts";
import type { Kind } from "./kind.ts";

/** A type that no server of the sandbox has: its arguments are checked and previewed; what asks for one to be made is refused. */
export function previewOnly<Schema extends z.ZodObject>(
  { type, inputs, replaceOn, computed }: Pick<Kind<Schema>, "type" | "inputs" | "replaceOn" | "computed">,
  why: string,
): Kind<Schema> {
  const refuse = async (): Promise<never> => {
    throw new Problem(`${type} can be previewed, but not made: ${why}`);
  };
  return {
    type,
    inputs,
    replaceOn,
    computed,
    create: refuse,
    read: async () => undefined,
    update: refuse,
    delete: async () => {},
  };
}
