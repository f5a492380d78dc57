import type { Attempt } from "../../domain/values/attempt.ts";

/** An object of which one field cannot be read yet, as in a preview. */
export const unread = (object: object, field: string) =>
  Object.defineProperty(object, field, {
    enumerable: true,
    get: () => {
      throw new Error(`${field} is not known yet`);
    },
  });

/** Loses what a check cannot judge, and nothing else. */
export const forgiving: Attempt = (check) => {
  try {
    return check();
  } catch {
    return [];
  }
};
