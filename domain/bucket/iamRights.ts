import type { Fault } from "../values/fault.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Faults of an IAM policy by which whoever has it may do more than was meant.
 *
 * @param document JSON, or the object that it stands for
 * @param path of the document
 */
export function iamPolicyFaults(document: unknown, path: string): Fault[] {
  return statementsOf(document).flatMap((statement, index) => {
    if (statement.Effect !== "Allow") return [];
    const at = `${path}.Statement[${index}]`;
    return [
      ...textsOf(statement.Action)
        .filter((action) => /^(?:\*|[\w-]+:)\*?$/.test(action) || action === "*:*")
        .slice(0, 1)
        .map((action) => ({
          code: "policy-allows-every-action",
          path: `${at}.Action`,
          got: `"${action}"`,
          allowed: "the actions that are used",
          fix: "list them: CloudTrail's last accessed actions say which",
        })),
      ...(statement.NotAction === undefined
        ? []
        : [
            {
              code: "policy-allows-all-but",
              path: `${at}.NotAction`,
              got: "an allowance of everything else, in services that are new too",
              allowed: "Action, with what is used",
              fix: "list the actions, or deny with NotAction",
            },
          ]),
    ];
  });
}

/** Faults of a role's trust policy: who may take the role. @param path of the document */
export function trustFaults(document: unknown, path: string): Fault[] {
  return statementsOf(document).flatMap((statement, index) => {
    const everyone =
      statement.Principal === "*" || (isFields(statement.Principal) && textsOf(statement.Principal.AWS).includes("*"));
    if (statement.Effect !== "Allow" || !everyone || isFields(statement.Condition)) return [];
    return [
      {
        code: "role-trusts-everyone",
        path: `${path}.Statement[${index}].Principal`,
        got: '"*", under no condition',
        allowed: "the account, service or identity that takes the role",
        fix: "name it",
      },
    ];
  });
}

/** Policies of AWS that allow all, or all but IAM. */
const almighty = /^arn:aws[\w-]*:iam::aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Faults of an attached policy of AWS. @param arn its ARN */
export function attachedPolicyFaults(arn: unknown, path: string): Fault[] {
  if (typeof arn !== "string" || !almighty.test(arn)) return [];
  return [
    {
      code: "policy-allows-every-action",
      path,
      got: `"${arn.split("/").at(-1)}"`,
      allowed: "a policy with the actions that are used",
      fix: "write one, and attach that",
    },
  ];
}

/** An access key stays valid until someone deletes it, and its secret is in the state. */
export const accessKeyFault: Fault = {
  code: "static-access-key",
  path: "user",
  got: "a key that never ends, whose secret is in the stack's state",
  allowed: "a role that a workload assumes: EKS Pod Identity, IRSA, OIDC of a CI",
  fix: "give the workload a role, and delete the key",
};

/** What cannot be read as a policy has no statement: AWS refuses it. */
function statementsOf(document: unknown): Fields[] {
  const { Statement: statements } = parsed(document);
  return (Array.isArray(statements) ? statements : [statements]).filter(isFields);
}

function parsed(document: unknown): Fields {
  if (typeof document !== "string") return isFields(document) ? document : {};
  try {
    const read: unknown = JSON.parse(document);
    return isFields(read) ? read : {};
  } catch {
    return {};
  }
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
