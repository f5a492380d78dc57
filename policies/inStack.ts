import type { PolicyResource } from "@pulumi/policy";
import { type WrittenObject, writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import { MisshapenError } from "../domain/values/shape.ts";
import { unknownPath } from "./unknownPath.ts";

/** What was found in a stack, and whether more may be in values that a preview does not know. */
export interface Found<T> {
  items: T[];
  hasUnknown(): boolean;
  /** Throws for the first unknown value, if there is one: a fault that another item could disprove is none yet. */
  refuseUnknown(): void;
}

/**
 * Collects from the Kubernetes objects of a stack. A misshapen object is left out: the policies about its kind name it.
 *
 * @param kinds of the objects to read
 * @param read gets each object, and runs each of its checks in the attempt
 */
export function inStack<T>(
  stack: readonly PolicyResource[],
  kinds: readonly string[],
  read: (object: WrittenObject, attempt: Attempt, add: (item: T) => void) => void,
): Found<T> {
  const items: T[] = [];
  const unknown: unknown[] = [];
  const attempt: Attempt = (check) => {
    try {
      return check();
    } catch (error) {
      if (unknownPath(error) !== undefined) unknown.push(error);
      else if (!(error instanceof MisshapenError)) throw error;
      return [];
    }
  };
  const ofKind = new RegExp(`^kubernetes:.*:(?:${kinds.join("|")})(?:List)?$`);
  for (const { type, props } of stack.filter((resource) => ofKind.test(resource.type))) {
    attempt(() => {
      const objects = writtenObjects(type, props, attempt).filter(({ kind }) => kinds.includes(kind));
      for (const object of objects) {
        attempt(() => {
          read(object, attempt, (item) => items.push(item));
          return [];
        });
      }
      return [];
    });
  }
  return {
    items,
    hasUnknown: () => unknown.length > 0,
    refuseUnknown() {
      if (unknown.length > 0) throw unknown[0];
    },
  };
}

/** The tokens of a kind of Kubernetes and of its list. */
export function tokensOf(group: string, ...kinds: string[]): string[] {
  return kinds.flatMap((kind) => [`kubernetes:${group}:${kind}`, `kubernetes:${group}:${kind}List`]);
}
