/** What a template is rendered with: where `.` stands, and in a `range` the place of the element. */
interface Scope {
  dot: unknown;
  index?: number;
}

const functions: Record<string, (...values: never[]) => unknown> = {
  eq: (one: unknown, other: unknown) => one === other,
  gt: (one: number, other: number) => one > other,
  lt: (one: number, other: number) => one < other,
  len: (list: unknown[]) => list.length,
  toUpper: (text: string) => text.toUpperCase(),
};

/** Renders what notifications use of Go's templates. test/routes/notifications.test.ts asks Alertmanager's own. */
export function rendered(text: string, data: object): string {
  // Texts and actions in turn.
  const parts = text.split(/\{\{ (.*?) \}\}/);
  let at = 0;

  /** Renders up to the action that ends the block, which it returns. */
  function block(scope: Scope | undefined): [written: string, end: string] {
    let written = "";
    for (;;) {
      if (scope) written += parts[at];
      const action = parts[at + 1];
      at += 2;
      if (action === undefined || action === "end" || action.startsWith("else")) return [written, action ?? ""];
      const [word] = action.split(" ");
      if (word === "if" || word === "with") written += choice(action, scope);
      else if (word === "range") written += range(action, scope);
      else if (scope) written += evaluated(action, scope);
    }
  }

  function choice(action: string, scope: Scope | undefined): string {
    const [word, ...condition] = action.split(" ");
    const value = scope && evaluated(condition.join(" "), scope);
    const holds = Boolean(value);
    const [written, end] = block(holds && scope ? { ...scope, dot: word === "with" ? value : scope.dot } : undefined);
    const rest = holds ? undefined : scope;
    if (end === "else") return written + block(rest)[0];
    return end.startsWith("else ") ? written + choice(end.slice("else ".length), rest) : written;
  }

  function range(action: string, scope: Scope | undefined): string {
    const list = scope ? (evaluated(action.split(" := ")[1] ?? "", scope) as unknown[]) : [];
    const start = at;
    const written = list.map((dot, index) => {
      at = start;
      return block({ dot, index })[0];
    });
    if (list.length === 0) block(undefined);
    return written.join("");
  }

  return block({ dot: data })[0];
}

function evaluated(expression: string, { dot, index }: Scope): unknown {
  const words = expression.match(/"[^"]*"|[()|]|[^\s()|]+/g) ?? [];

  function term(): unknown {
    const word = words.shift() ?? "";
    if (word === "(") {
      const value = pipeline();
      words.shift();
      return value;
    }
    if (word.startsWith('"')) return word.slice(1, -1);
    if (word === "$index") return index;
    if (/^\d+$/.test(word)) return Number(word);
    const fields = word.split(".").filter(Boolean);
    return fields.reduce((value, field) => (value as Record<string, unknown>)[field] ?? "", dot);
  }

  function pipeline(): unknown {
    const call = functions[words[0] ?? ""];
    if (call) words.shift();
    const values: unknown[] = [];
    while (words.length > 0 && words[0] !== ")" && words[0] !== "|") values.push(term());
    let value = call ? call(...(values as never[])) : values[0];
    while (words[0] === "|") {
      const [, name = ""] = words.splice(0, 2);
      value = functions[name]?.(value as never);
    }
    return value;
  }

  return pipeline();
}
