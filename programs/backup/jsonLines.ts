/** Sorts keys at every depth, so that equal content is equal bytes. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => order(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** By code unit: a locale's order changes with the image. */
export function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export function without<T extends Record<string, unknown>>(fields: T, names: string[]): Record<string, T[keyof T]> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as Record<
    string,
    T[keyof T]
  >;
}

/** A file's lines, parsed as JSON. @throws naming the invalid line */
export function lines<T>(text: string): T[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line is cut off");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line) as T;
      } catch {
        throw new Error(`line ${index + 1} is no JSON`);
      }
    });
}

/** Count of each kind, including kinds with a count of 0. */
export function counted(all: { kind: string }[], kinds: string[]): { kind: string; count: number }[] {
  return kinds.map((kind) => ({ kind, count: all.filter((one) => one.kind === kind).length }));
}
