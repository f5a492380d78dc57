import type { Fault } from "./fault.ts";

/**
 * What a value must be before a check reads it: a word for a scalar, a list of one shape, or an object of known fields; the field `*`
 * is any other field of a map, such as labels.
 */
export type Shape = Scalar | readonly [Shape] | { readonly [field: string]: Shape };

type Scalar = keyof typeof scalars;

const scalars = {
  text: { allowed: "text", fits: (value: unknown) => typeof value === "string" },
  number: { allowed: "a number", fits: (value: unknown) => typeof value === "number" },
  boolean: { allowed: "true or false", fits: (value: unknown) => typeof value === "boolean" },
  // The API reads a number as a quantity too.
  quantity: { allowed: "a quantity", fits: (value: unknown) => ["string", "number"].includes(typeof value) },
};

/** Thrown by reading a value of another shape: like an unknown value, it ends the one check that reads it. */
export class MisshapenError extends TypeError {
  override name = "MisshapenError";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.path} is ${fault.got}; allowed: ${fault.allowed}`);
    this.fault = fault;
  }
}

/**
 * A view of what a person wrote. Reading a field of it whose value has another shape throws; a field that is null reads as missing, as the API
 * reads it; and a field that the shape does not name is read as it is.
 */
export function shaped<T extends object>(value: object, shape: Shape, path = ""): T {
  return new Proxy(value, {
    get(target, key) {
      const field: unknown = Reflect.get(target, key);
      const inner = typeof key === "string" ? shapeOf(shape, key) : undefined;
      if (inner === undefined) return field;
      if (field === undefined || (field === null && !isList(shape))) return undefined;
      const at = within(path, String(key), isList(shape));
      if (!fits(field, inner)) throw new MisshapenError(misshapen(field, inner, at));
      return typeof field === "object" && field !== null ? shaped(field, inner, at) : field;
    },
  }) as T;
}

function shapeOf(shape: Shape, key: string): Shape | undefined {
  if (typeof shape === "string") return undefined;
  if (isList(shape)) return /^\d+$/.test(key) ? shape[0] : undefined;
  return Object.hasOwn(shape, key) ? shape[key] : shape["*"];
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return scalars[shape].fits(value);
  return typeof value === "object" && value !== null && Array.isArray(value) === isList(shape);
}

function misshapen(value: unknown, shape: Shape, path: string): Fault {
  const allowed = typeof shape === "string" ? scalars[shape].allowed : isList(shape) ? "a list" : "an object";
  const quoted = shape === "number" && typeof value === "string" && /^\d+$/.test(value);
  const fix = quoted ? "remove the quotes" : "write what the resource's API asks for";
  return { code: "value-misshapen", path, got: kindOf(value), allowed, fix };
}

/** Never the value: it may be anything, even a password. */
function kindOf(value: unknown): string {
  if (typeof value === "string") return `text of ${value.length} characters`;
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function within(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  const name = /^[\w-]{1,60}$/.test(key) ? `.${key}` : `["${/^[\w./-]{1,100}$/.test(key) ? key : "*"}"]`;
  return path === "" ? name.replace(/^\./, "") : `${path}${name}`;
}
