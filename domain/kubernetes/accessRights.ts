import type { V1ClusterRole, V1RoleBinding } from "@kubernetes/client-node";
import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import type { Shape } from "../values/shape.ts";
import type { Written } from "./written.ts";

/** A Role or a ClusterRole, as written. */
export type RoleFields = Pick<Written<V1ClusterRole>, "rules">;
/** A RoleBinding or a ClusterRoleBinding, as written. */
export type BindingFields = Pick<Written<V1RoleBinding>, "roleRef">;

type PolicyRule = NonNullable<RoleFields["rules"]>[number];

export const roleShape: Shape = {
  rules: [
    { apiGroups: ["text"], resources: ["text"], resourceNames: ["text"], verbs: ["text"], nonResourceURLs: ["text"] },
  ],
};
export const bindingShape: Shape = { roleRef: { kind: "text", name: "text" } };

type RightCheck = (rule: PolicyRule, at: string, everywhere: boolean) => Fault[];

/**
 * Faults of a role by which whoever has it may do more than was meant.
 *
 * @param everywhere whether it is a ClusterRole
 */
export function roleFaults({ rules = [] }: RoleFields, everywhere: boolean, attempt: Attempt = runCheck): Fault[] {
  // By index, so that an unknown element does not hide the others.
  return Object.keys(rules).flatMap((index) =>
    checks.flatMap((check) => attempt(() => check(rules[Number(index)] ?? {}, `rules[${index}]`, everywhere))),
  );
}

/** Verbs by which a role gives itself others' rights. Source: kubernetes.io, "Role Based Access Control Good Practices". */
const climbing = ["escalate", "bind", "impersonate"];

const checks: RightCheck[] = [
  (rule, at) =>
    wildcards(["verbs", "resources"], rule, at).map((path) => ({
      code: "role-allows-everything",
      path,
      got: '"*", which also allows what a later version adds',
      allowed: "the verbs and resources that are used",
      fix: "list them",
    })),
  ({ verbs = [] }, at) =>
    climbing
      .filter((verb) => verbs.includes(verb))
      .map((verb) => ({
        code: "role-climbs",
        path: `${at}.verbs`,
        got: `"${verb}", with which it takes any right`,
        allowed: "no escalate, bind or impersonate",
        fix: "remove it, and grant what is needed itself",
      })),
  ({ verbs = [], resources = [], resourceNames = [] }, at, everywhere) => {
    const reads = verbs.some((verb) => ["list", "watch"].includes(verb));
    if (!everywhere || !resources.includes("secrets") || resourceNames.length > 0 || !reads) return [];
    return [
      {
        code: "role-reads-all-secrets",
        path: `${at}.resources`,
        got: '"secrets", of every namespace that it is bound in',
        allowed: "secrets in a Role, or with resourceNames",
        fix: "use a Role in the namespace, or name the Secrets and allow get alone",
      },
    ];
  },
  ({ verbs = [], resources = [] }, at) =>
    resources.includes("pods/exec") && verbs.some((verb) => ["create", "get"].includes(verb))
      ? [
          {
            code: "role-runs-in-any-pod",
            path: `${at}.resources`,
            got: '"pods/exec", a shell in every pod of the namespace',
            allowed: "no pods/exec",
            fix: "let the job speak to the service over the network",
          },
        ]
      : [],
];

function wildcards(lists: readonly ("verbs" | "resources")[], rule: PolicyRule, at: string): string[] {
  return lists.filter((list) => rule[list]?.includes("*")).map((list) => `${at}.${list}`);
}

/** The cluster's own roles that allow all, or all in a namespace. */
const almighty = ["cluster-admin", "admin"];

/** Faults of a binding to a role that allows everything. */
export function bindingFaults({ roleRef }: BindingFields): Fault[] {
  const { kind, name = "" } = roleRef ?? {};
  if (kind !== "ClusterRole" || !almighty.includes(name)) return [];
  return [
    {
      code: "bound-to-everything",
      path: "roleRef.name",
      got: `"${name}"`,
      allowed: "a role with the rights that are used",
      fix: "write a Role with these, and bind that",
    },
  ];
}
