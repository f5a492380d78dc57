import assert from "node:assert/strict";
import { roleName } from "../../components/backup/roleName.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { environmentOf } from "../support/environment.ts";

const irsa: Environment = {
  ...environmentOf("prod"),
  backups: {
    ...environmentOf("prod").backups,
    identity: { oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/ONE" },
  },
};
const podIdentity = (cluster: string, region = "eu-central-1"): Environment => ({
  ...irsa,
  aws: { ...irsa.aws, region },
  backups: { ...irsa.backups, identity: { podIdentity: { cluster } } },
});
const orders = { service: "orders", namespace: "orders", job: "postgres-backup" };

describe("the name of an IAM role", () => {
  it("carries service, job and stack", () => {
    assert.match(roleName(orders, irsa), /^orders-postgres-backup-prod-[0-9a-f]{8}$/);
  });

  it("says the service once where the job's name begins with it", () => {
    assert.match(roleName({ ...orders, job: "orders-backup" }, irsa), /^orders-backup-prod-[0-9a-f]{8}$/);
    assert.match(roleName({ ...orders, job: "ordersbackup" }, irsa), /^orders-ordersbackup-prod-[0-9a-f]{8}$/);
  });

  it("stays the same from run to run", () => {
    assert.equal(roleName(orders, irsa), roleName({ ...orders }, structuredClone(irsa)));
  });

  it("differs for a job of the same name in another service, namespace, stack or cluster", () => {
    const others = [
      roleName({ ...orders, service: "billing" }, irsa),
      roleName({ ...orders, namespace: "billing" }, irsa),
      roleName(orders, { ...irsa, name: "staging" }),
      roleName(orders, {
        ...irsa,
        backups: { ...irsa.backups, identity: { oidcProvider: "oidc.example.com/id/TWO" } },
      }),
      roleName(orders, podIdentity("one")),
      roleName(orders, podIdentity("two")),
      roleName(orders, podIdentity("one", "eu-west-1")),
      // Without the digits both would be a-b-c-prod.
      roleName({ service: "a", namespace: "n", job: "b-c" }, irsa),
      roleName({ service: "a-b", namespace: "n", job: "c" }, irsa),
      roleName(orders, irsa),
    ];
    assert.equal(new Set(others).size, others.length);
  });

  it("is never longer than IAM takes, and differs where only what was cut differs", () => {
    const long = (end: string) => ({ ...orders, job: `customer-orders-db-nightly-logical-backup-restore-${end}` });
    const names = [long("a"), long("b")].map((purpose) => roleName(purpose, { ...irsa, name: "production-europe" }));
    for (const name of names) {
      assert.ok(name.length <= 64, name);
      assert.match(name, /^[\w+=,.@-]+-production-europe-[0-9a-f]{8}$/);
    }
    assert.notEqual(names[0], names[1]);
  });
});
