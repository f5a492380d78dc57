import type { z } from "zod";
import { Problem } from "../../cli/common/problem.ts";
import type { Kind } from "./kind.ts";

type PreviewOnly<Schema extends z.ZodObject> = Pick<Kind<Schema>, "type" | "inputs" | "replaceOn" | "computed"> &
  Required<Pick<Kind<Schema>, "request">>;

/** A type that no server of the sandbox has: its arguments are checked and previewed; what asks for one to be made is refused. */
export function previewOnly<Schema extends z.ZodObject>(
  { type, inputs, replaceOn, computed, request }: PreviewOnly<Schema>,
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
    request,
    create: refuse,
    read: async () => undefined,
    update: refuse,
    delete: async () => {},
  };
}
