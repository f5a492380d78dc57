import type { Policy, Statement } from "./rendered.ts";

/** A policy with one thing changed, and what that is. */
export interface Weakened {
  what: string;
  policy: Policy;
}

/**
 * Every way in which one edit makes a policy say something else: a statement, an action, a resource or a condition gone; an allowance
 * widened to every action, every object or every principal; a denial narrowed to one principal.
 */
export function weakened(policy: Policy): Weakened[] {
  return policy.Statement.flatMap((statement, index) => {
    const name = statement.Sid ?? `statement ${index}`;
    const replaced = (what: string, ...others: Statement[]): Weakened => ({
      what: `${name} ${what}`,
      policy: { ...policy, Statement: policy.Statement.toSpliced(index, 1, ...others) },
    });
    return [replaced("gone"), ...others(statement).map(([what, other]) => replaced(what, other))];
  });
}

function others(statement: Statement): [what: string, statement: Statement][] {
  const { Effect, Principal } = statement;
  return [
    ...fewer(statement, "Action"),
    ...fewer(statement, "Resource"),
    ...fewer(statement, "NotResource"),
    ...withoutConditions(statement),
    ...(Effect === "Allow" ? widened(statement) : []),
    ...(Effect === "Allow" && Principal !== undefined
      ? ([["for everyone", { ...statement, Principal: "*" }]] as [string, Statement][])
      : []),
    ...(Effect === "Deny"
      ? ([["for another principal", { ...statement, Principal: { AWS: "999999999999" } }]] as [string, Statement][])
      : []),
  ];
}

/** Without one of several; a list of one cannot be empty, and goes with its statement. */
function fewer(statement: Statement, element: "Action" | "Resource" | "NotResource"): [string, Statement][] {
  const all = listOf(statement[element]);
  if (element === "NotResource" && all.length === 1) {
    const { NotResource: _, ...rest } = statement;
    return [["for every resource", { ...rest, Resource: "*" }]];
  }
  if (all.length < 2) return [];
  return all.map((one) => [
    `without ${element} ${one}`,
    { ...statement, [element]: all.filter((other) => other !== one) },
  ]);
}

function withoutConditions(statement: Statement): [string, Statement][] {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, tests]) =>
    Object.entries(tests).flatMap(([key, value]): [string, Statement][] => {
      const { [operator]: _, ...operators } = statement.Condition ?? {};
      const { [key]: __, ...keys } = tests;
      const left = { ...operators, ...(Object.keys(keys).length > 0 && { [operator]: keys }) };
      const { Condition: ___, ...bare } = statement;
      const values = listOf(value);
      return [
        [`without ${operator} of ${key}`, Object.keys(left).length > 0 ? { ...bare, Condition: left } : bare],
        ...(values.length < 2
          ? []
          : values.map((one): [string, Statement] => [
              `without ${one} in ${operator} of ${key}`,
              {
                ...statement,
                Condition: {
                  ...statement.Condition,
                  [operator]: { ...tests, [key]: values.filter((other) => other !== one) },
                },
              },
            ])),
      ];
    }),
  );
}

function widened(statement: Statement): [string, Statement][] {
  const service = String(listOf(statement.Action)[0]).split(":")[0];
  const resources = listOf(statement.Resource);
  const wider = [...new Set(resources.map((resource) => resource.replace(/^(arn:aws:s3:::[^/]+\/).+$/, "$1*")))];
  return [
    ...(statement.Action === `${service}:*`
      ? []
      : ([[`with ${service}:*`, { ...statement, Action: `${service}:*` }]] as [string, Statement][])),
    ...(resources.length > 0 && wider.join() !== resources.join()
      ? ([["on every object", { ...statement, Resource: wider }]] as [string, Statement][])
      : []),
    // A policy on a bucket says nothing about others.
    ...(statement.Principal === undefined && resources.join() !== "*"
      ? ([["on everything", { ...statement, Resource: "*" }]] as [string, Statement][])
      : []),
  ];
}

function listOf<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
