import assert from "node:assert/strict";
import { leastPrivilege } from "../../policies/least-privilege.ts";
import { found, judge, UNKNOWN, unknownIn } from "./judge.ts";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";
const rule = (changes: object = {}) => ({ apiGroups: [""], resources: ["configmaps"], verbs: ["get"], ...changes });
const role = (changes: object, kind = "Role") =>
  found(leastPrivilege, `${RBAC}${kind}`, { rules: [rule(), rule(changes)] });
const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allowing = (changes: object) => document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...changes });
const POLICY = "aws:iam/policy:Policy";
const ROLE = "aws:iam/role:Role";

describe("the policy least-privilege", () => {
  it("accepts roles and policies with what is used", () => {
    assert.deepEqual(role({}), []);
    assert.deepEqual(role({ resources: ["secrets"], verbs: ["get", "list"] }), [], "in one namespace");
    assert.deepEqual(role({ resources: ["secrets"], verbs: ["get"], resourceNames: ["a"] }, "ClusterRole"), []);
    assert.deepEqual(judge(leastPrivilege, POLICY, { policy: allowing({}) }), []);
    assert.deepEqual(judge(leastPrivilege, POLICY, { policy: allowing({ Action: ["s3:Get*", "kms:Decrypt"] }) }), []);
  });

  const roles: [what: string, changes: object, code: string, path: string, kind?: string][] = [
    ["every verb", { verbs: ["*"] }, "role-allows-everything", "rules[1].verbs"],
    ["every resource", { resources: ["*"] }, "role-allows-everything", "rules[1].resources"],
    ["escalation", { verbs: ["get", "escalate"] }, "role-climbs", "rules[1].verbs"],
    ["binding", { verbs: ["bind"] }, "role-climbs", "rules[1].verbs"],
    ["impersonation", { verbs: ["impersonate"] }, "role-climbs", "rules[1].verbs"],
    [
      "a shell in any pod",
      { resources: ["pods/exec"], verbs: ["create"] },
      "role-runs-in-any-pod",
      "rules[1].resources",
    ],
    [
      "all Secrets",
      { resources: ["secrets"], verbs: ["list"] },
      "role-reads-all-secrets",
      "rules[1].resources",
      "ClusterRole",
    ],
    [
      "to watch all Secrets",
      { resources: ["secrets"], verbs: ["watch"] },
      "role-reads-all-secrets",
      "rules[1].resources",
      "ClusterRole",
    ],
  ];
  for (const [what, changes, code, path, kind = "Role"] of roles) {
    it(`refuses a role that allows ${what}`, () => {
      assert.deepEqual(role(changes, kind), [[code, path]]);
      const inList = { items: [{ kind, rules: [rule(), rule(changes)] }] };
      assert.deepEqual(found(leastPrivilege, `${RBAC}${kind}List`, inList), [[code, `items[0].${path}`]]);
    });
  }

  it("refuses a binding to a role of the cluster that allows everything, and no other", () => {
    const bound = (name: string, kind = "ClusterRole") => ({
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
    });
    for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
      assert.deepEqual(found(leastPrivilege, `${RBAC}${kind}`, bound("cluster-admin")), [
        ["bound-to-everything", "roleRef.name"],
      ]);
      assert.deepEqual(found(leastPrivilege, `${RBAC}${kind}`, bound("admin")), [
        ["bound-to-everything", "roleRef.name"],
      ]);
      assert.deepEqual(found(leastPrivilege, `${RBAC}${kind}`, bound("view")), []);
    }
    assert.deepEqual(found(leastPrivilege, `${RBAC}RoleBinding`, bound("admin", "Role")), [], "a role of its own");
  });

  const policies: [what: string, policy: unknown, code: string, path: string][] = [
    ["every action", allowing({ Action: "*" }), "policy-allows-every-action", "policy.Statement[0].Action"],
    [
      "every action of a service",
      allowing({ Action: ["s3:GetObject", "s3:*"] }),
      "policy-allows-every-action",
      "policy.Statement[0].Action",
    ],
    [
      "all but some",
      document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
      "policy-allows-all-but",
      "policy.Statement[0].NotAction",
    ],
    [
      "an object",
      { Statement: { Effect: "Allow", Action: "*:*" } },
      "policy-allows-every-action",
      "policy.Statement[0].Action",
    ],
  ];
  for (const [what, policy, code, path] of policies) {
    it(`refuses a policy that allows ${what}, of each kind`, () => {
      for (const type of [
        POLICY,
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
      ]) {
        assert.deepEqual(found(leastPrivilege, type, { policy }), [[code, path]]);
      }
      assert.deepEqual(found(leastPrivilege, ROLE, { inlinePolicies: [{ name: "a", policy }] }), [
        [code, `inlinePolicies[0].${path}`],
      ]);
    });
  }

  it("lets a policy deny everything", () => {
    const denying = document(
      { Effect: "Deny", NotAction: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "*" },
    );
    assert.deepEqual(judge(leastPrivilege, POLICY, { policy: denying }), []);
  });

  it("refuses AWS's own policies that allow everything, attached in any way", () => {
    const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (const kind of ["RolePolicyAttachment", "UserPolicyAttachment", "PolicyAttachment"]) {
      assert.deepEqual(found(leastPrivilege, `aws:iam/a:${kind}`, { policyArn: admin }), [
        ["policy-allows-every-action", "policyArn"],
      ]);
    }
    assert.deepEqual(
      found(leastPrivilege, ROLE, { managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", admin] }),
      [["policy-allows-every-action", "managedPolicyArns[1]"]],
    );
  });

  it("refuses a role that everyone may take, unless under a condition", () => {
    const trust = (changes: object) => ({
      assumeRolePolicy: document({ Effect: "Allow", Action: "sts:AssumeRole", ...changes }),
    });
    const code = [["role-trusts-everyone", "assumeRolePolicy.Statement[0].Principal"]];
    assert.deepEqual(found(leastPrivilege, ROLE, trust({ Principal: "*" })), code);
    assert.deepEqual(found(leastPrivilege, ROLE, trust({ Principal: { AWS: ["*"] } })), code);
    assert.deepEqual(found(leastPrivilege, ROLE, trust({ Principal: { Service: "s3.amazonaws.com" } })), []);
    assert.deepEqual(
      found(leastPrivilege, ROLE, trust({ Principal: "*", Condition: { StringEquals: { a: "b" } } })),
      [],
    );
  });

  it("refuses an access key that never ends", () => {
    assert.deepEqual(found(leastPrivilege, "aws:iam/accessKey:AccessKey", { user: "backup" }), [
      ["static-access-key", "user"],
    ]);
  });

  it("names what a preview does not know, and still finds the rest", () => {
    const verdicts = judge(leastPrivilege, `${RBAC}Role`, { rules: [UNKNOWN, rule({ verbs: ["*"] })] });
    assert.deepEqual(unknownIn(verdicts), ["rules[0]"]);
    assert.equal(verdicts.flatMap(({ faults }) => faults ?? []).length, 1);
    assert.deepEqual(unknownIn(judge(leastPrivilege, POLICY, { policy: UNKNOWN })), ["policy"]);
    assert.deepEqual(unknownIn(judge(leastPrivilege, ROLE, { managedPolicyArns: [UNKNOWN] })), [
      "managedPolicyArns[0]",
    ]);
  });

  it("takes text that is no policy for AWS's to refuse, and names a role of another shape", () => {
    for (const policy of ["{", "7", "[]", 7, null]) assert.deepEqual(judge(leastPrivilege, POLICY, { policy }), []);
    assert.deepEqual(found(leastPrivilege, `${RBAC}Role`, { rules: "text" }), [["value-misshapen", "rules"]]);
  });

  it("only advises about what is not ours", () => {
    const [verdict] = judge(leastPrivilege, `${RBAC}ClusterRole`, { rules: [rule({ verbs: ["*"] })] }, "anyone");
    assert.equal(verdict?.enforcementLevel, "advisory");
  });
});
