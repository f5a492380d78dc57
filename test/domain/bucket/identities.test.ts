import assert from "node:assert/strict";
import { egressToS3, identityOf } from "../../../domain/bucket/identities.ts";
import type { Environment } from "../../../domain/environment/environment.ts";

const networks = [{ cidr: "10.0.0.0/8", port: 443 }];
const agent = { cidr: "169.254.170.23/32", port: 80 };
const pods = { account: "111111111111", region: "eu-west-1", namespace: "shop", serviceAccount: "orders-backup" };

/** All that an environment's identity answers. */
function answers(identity: Environment["backups"]["identity"]) {
  const { trust, cluster, associatedIn, annotations, accessKeys, egress } = identityOf({ backups: { identity } });
  const [statement] = trust ? JSON.parse(trust(pods)).Statement : [];
  return {
    principal: statement?.Principal,
    conditions: statement && Object.values(statement.Condition).flatMap((one) => Object.values(one as object)),
    cluster: cluster("eu-west-1"),
    associatedIn,
    annotations: annotations("arn"),
    accessKeys,
    egress: egress(false),
    toS3: egressToS3({ backups: { identity, egress: networks } }).map(({ to, ports }) => [
      to[0]?.ipBlock?.cidr,
      ports?.[0]?.port,
    ]),
  };
}

describe("the identity by which pods authenticate to S3", () => {
  it("is a role that a ServiceAccount names, with an OIDC provider", () =>
    assert.deepEqual(answers({ oidcProvider: "oidc.example.com/id/A" }), {
      principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/oidc.example.com/id/A" },
      conditions: ["sts.amazonaws.com", "system:serviceaccount:shop:orders-backup"],
      cluster: "oidc.example.com/id/A",
      associatedIn: undefined,
      annotations: { "eks.amazonaws.com/role-arn": "arn" },
      accessKeys: undefined,
      egress: [],
      toS3: [["10.0.0.0/8", 443]],
    }));

  it("is a role that EKS associates with a ServiceAccount, and that an agent hands out", () =>
    assert.deepEqual(answers({ podIdentity: { cluster: "one" } }), {
      principal: { Service: "pods.eks.amazonaws.com" },
      conditions: ["111111111111", "shop", "orders-backup", "arn:aws:eks:eu-west-1:111111111111:cluster/one"],
      cluster: "eu-west-1/one",
      associatedIn: "one",
      annotations: undefined,
      accessKeys: undefined,
      egress: [agent],
      toS3: [
        ["10.0.0.0/8", 443],
        ["169.254.170.23/32", 80],
      ],
    }));

  it("is handed out by that agent's address of IPv6 too, in a cluster whose pods reach S3 by it", () => {
    const ipv6 = [{ cidr: "::/0", port: 443 }];
    const toS3 = egressToS3({ backups: { identity: { podIdentity: { cluster: "one" } }, egress: ipv6 } });
    assert.deepEqual(
      toS3.map(({ to, ports }) => [to[0]?.ipBlock?.cidr, ports?.[0]?.port]),
      [
        ["::/0", 443],
        ["169.254.170.23/32", 80],
        ["fd00:ec2::23/128", 80],
      ],
    );
  });

  it("is access keys in Secrets, of those who write and those who restore, without a role", () =>
    assert.deepEqual(answers({ secret: "writer-keys", restorer: "restorer-keys" }), {
      principal: undefined,
      conditions: undefined,
      cluster: "",
      associatedIn: undefined,
      annotations: undefined,
      accessKeys: { writer: "writer-keys", restorer: "restorer-keys" },
      egress: [],
      toS3: [["10.0.0.0/8", 443]],
    }));
});
