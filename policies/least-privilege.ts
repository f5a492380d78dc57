import type { ResourceValidationArgs } from "@pulumi/policy";
import { accessKeyFault, attachedPolicyFaults, iamPolicyFaults, trustFaults } from "../domain/bucket/iamRights.ts";
import { bindingFaults, bindingShape, roleFaults, roleShape } from "../domain/kubernetes/accessRights.ts";
import { writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { fieldsOf, objectFaults } from "./defineObjectPolicy.ts";
import { definePolicy } from "./definePolicy.ts";

const RBAC = "rbac.authorization.k8s.io";

export const leastPrivilege = definePolicy({
  name: "least-privilege",
  description: "What a job or a workload may do is what whoever takes it over may do.",
  severity: "high",
  blocks: "ours",
  types: [`kubernetes:${RBAC}/*`, "aws:iam/*"],
  faults: (args, attempt) => (args.type.startsWith("aws:") ? iamFaults(args, attempt) : rbacFaults(args, attempt)),
});

function rbacFaults({ type, props }: ResourceValidationArgs, attempt: Attempt): Fault[] {
  return objectFaults(writtenObjects(type, props, attempt), attempt, (object) => {
    if (object.group !== RBAC) return [];
    if (object.kind.endsWith("RoleBinding")) return bindingFaults(fieldsOf(object, bindingShape));
    if (!["Role", "ClusterRole"].includes(object.kind)) return [];
    return roleFaults(fieldsOf(object, roleShape), object.kind === "ClusterRole", attempt);
  });
}

/** Kinds of IAM whose `policy` is a document of rights. */
const policyKinds = ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy"];

function iamFaults({ type, props }: ResourceValidationArgs, attempt: Attempt): Fault[] {
  const kind = type.split(":").at(-1) ?? "";
  if (policyKinds.includes(kind)) return attempt(() => iamPolicyFaults(props.policy, "policy"));
  if (kind.endsWith("PolicyAttachment")) return attempt(() => attachedPolicyFaults(props.policyArn, "policyArn"));
  if (kind === "AccessKey") return [accessKeyFault];
  if (kind !== "Role") return [];
  return [
    ...attempt(() => trustFaults(props.assumeRolePolicy, "assumeRolePolicy")),
    ...listed(props, "managedPolicyArns", attempt, (arn, path) => attachedPolicyFaults(arn, path)),
    ...listed(props, "inlinePolicies", attempt, (one, path) =>
      typeof one === "object" && one !== null && "policy" in one ? iamPolicyFaults(one.policy, `${path}.policy`) : [],
    ),
  ];
}

function listed(
  props: Readonly<Record<string, unknown>>,
  field: string,
  attempt: Attempt,
  check: (element: unknown, path: string) => Fault[],
): Fault[] {
  return attempt(() => {
    const list = props[field];
    if (!Array.isArray(list)) return [];
    // By index, so that an unknown element does not hide the others.
    return Object.keys(list).flatMap((index) => attempt(() => check(list[Number(index)], `${field}[${index}]`)));
  });
}
