import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { passed } from "../../components/passing.ts";
import { MaintainedService } from "../../components/service.ts";
import { type Postgres, postgres, secret } from "../../domain/declaration/datastore.ts";
import { endpoint } from "../../domain/declaration/endpoint.ts";
import { type Service, serviceSchema } from "../../domain/declaration/service.ts";
import { secretName } from "../../domain/declaration/texts.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal, refused } from "../support/refused.ts";
import { keeping, shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const environment = environmentOf("prod");
const orders = keeping(shop, "orders");

/** The shop, whose database, its Secret and an endpoint are other resources of the same program. */
function fedBy(host: pulumi.Input<string>, secretName: pulumi.Input<string>, url: pulumi.Input<string>): Service {
  const [declared] = orders.datastores.filter(({ kind }) => kind === "postgres");
  assert.ok(declared?.kind === "postgres");
  const { kind, name, host: _, credentials, ...facts } = declared;
  return {
    ...orders,
    datastores: [postgres(name, { ...facts, host, credentials: secret(secretName) })],
    endpoints: [endpoint("api", [url], { severity: "critical", for: assumed("2m") })],
  };
}

const declare = (service: Service, more: object = {}) =>
  registered(() => new MaintainedService(service.name, { environment: { ...environment, ...more }, service }));

function environmentOfStep(resources: Registered[], step: string): Fields[] {
  const cronJobs = resources.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
  return cronJobs.flatMap(({ inputs }) => {
    const { initContainers = [], containers } = (inputs as Fields).spec.jobTemplate.spec.template.spec;
    return [...initContainers, ...containers].filter(({ name }) => name === step).flatMap(({ env }) => env);
  });
}

describe("a declaration that holds Outputs", () => {
  it("declares the same as one with the plain values, but for where jobs may send traffic", async () => {
    const plain = ["db.example.com", "orders-credentials", "https://api.example.com/health"] as const;
    const later = plain.map((value) => pulumi.output(Promise.resolve(value)));
    const expected = await declare(fedBy(...plain));
    const found = await declare(
      fedBy(...(later as [pulumi.Output<string>, pulumi.Output<string>, pulumi.Output<string>])),
    );
    const comparable = (resources: Registered[]) =>
      resources
        .filter(({ type }) => type !== "kubernetes:networking.k8s.io/v1:NetworkPolicy")
        .map(({ type, name, inputs }) => ({ type, name, inputs }))
        .sort((one, other) => (`${one.type} ${one.name}` < `${other.type} ${other.name}` ? -1 : 1));
    assert.deepEqual(comparable(found), comparable(expected));
    assert.ok(!JSON.stringify(found).includes("upkeep-output-"), "a placeholder was left");
    assert.deepEqual(
      environmentOfStep(found, "dump").find(({ name }) => name === "PGHOST"),
      { name: "PGHOST", value: "db.example.com" },
    );
  });

  it("takes the role that deploys from another resource", async () => {
    const arn = "arn:aws:iam::222222222222:role/deploy";
    const backups = { ...environment.backups, deployRole: pulumi.output(arn) };
    const found = await declare(orders, { backups });
    const policies = found.filter(({ type }) => type === "aws:s3/bucketPolicy:BucketPolicy");
    assert.ok(policies.some(({ inputs }) => JSON.stringify(inputs).includes(arn)));
    assert.ok(!JSON.stringify(found).includes("upkeep-output-"));
  });

  it("is refused where a value goes into a name or into arithmetic", async () => {
    const [declared, ...more] = orders.datastores;
    const size = { value: pulumi.output("20Gi"), assumed: true };
    const service = { ...orders, datastores: [{ ...declared, size }, ...more] } as unknown as Service;
    assert.deepEqual(refused(refusal(() => new MaintainedService("shop", { environment, service }))), [
      ["output-not-allowed", "datastores[0].size"],
    ]);
  });

  it("has each Output judged when its value is known", async () => {
    const service = fedBy(pulumi.output("postgres://db.example.com:5432"), "credentials", "https://api.example.com");
    const { plain, fill } = passed<Service>('service "shop"', serviceSchema, service);
    const host = fill(pulumi.output((plain.datastores[0] as Postgres).host)) as unknown as {
      promise(): Promise<string>;
    };
    await assert.rejects(host.promise(), {
      name: "Error",
      message: /\n- datastores\[0\]\.host /,
    });
  });

  it("distinguishes the first Output from the tenth in one text", async () => {
    const names = Array.from({ length: 400 }, (_, index) => `secret-${index}`);
    const later = names.map((name) => pulumi.output(name));
    const { plain, fill } = passed<string[]>("names", z.array(secretName), later);
    const text = fill(pulumi.output(plain.join(" "))) as unknown as { promise(): Promise<string> };
    assert.equal(await text.promise(), names.join(" "));
  });
});
