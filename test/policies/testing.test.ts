import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { clone } from "../../cli/common/paths.ts";
import { findings, judgeDocument, judgeStack, judgeYaml, type Policy, UNKNOWN } from "../../policies/testing.ts";

/** A policy of another pack, as the SDK's documentation writes them. */
function resourcePolicy(validateResource: ResourceValidationPolicy["validateResource"]): Policy {
  return { name: "theirs", description: "Because.", enforcementLevel: "mandatory", validateResource } as Policy;
}
function stackPolicy(validateStack: StackValidationPolicy["validateStack"]): Policy {
  return { name: "theirs", description: "Because.", validateStack };
}

const reporting = (text: string) => (_: unknown, report: (message: string) => void) => report(text);

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "app" } };

describe("upkeep/testing", () => {
  it("does what its page says", async () => {
    const page = readFileSync(join(clone, "docs/policies/testing.md"), "utf8");
    const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    const source = pathToFileURL(join(clone, "policies/testing.ts")).href;
    assert.ok(example.includes('from "upkeep/testing"'));
    const program = stripTypeScriptTypes(example).replace('"upkeep/testing"', JSON.stringify(source));
    await import(`data:text/javascript,${encodeURIComponent(program)}`);
  });

  it("gives each object of a file the type that the provider gives it, and takes a List apart", () => {
    const types: string[] = [];
    const seeing = resourcePolicy(({ type }) => void types.push(type));
    const list = { apiVersion: "v1", kind: "List", items: [pod, { apiVersion: "batch/v1", kind: "CronJob" }] };
    judgeDocument(list, { policies: [seeing] });
    judgeYaml("apiVersion: apps/v1\nkind: Deployment\n---\n---\nnull\n", { policies: [seeing] });
    assert.deepEqual(types, ["kubernetes:core/v1:Pod", "kubernetes:batch/v1:CronJob", "kubernetes:apps/v1:Deployment"]);
  });

  it("refuses text that is not YAML", () => {
    assert.throws(() => judgeYaml("a: [", { policies: [] }));
  });

  it("runs policies of other packs, which report texts and ask for types and settings", () => {
    const text = resourcePolicy((args, report) => {
      if (args.type.endsWith(":Pod")) report(`wanted ${(args.getConfig() as { wanted: string }).wanted}`);
    });
    const [report, ...rest] = judgeDocument(pod, { policies: [text], config: { theirs: { wanted: "more" } } });
    assert.deepEqual(rest, []);
    assert.deepEqual(
      { ...report, urn: undefined },
      {
        policy: "theirs",
        resource: "app-0",
        urn: undefined,
        level: "mandatory",
        message: "wanted more",
        faults: [],
        unknown: [],
      },
    );
    const typed = Object.assign(() => assert.fail("another type's"), { __pulumiType: "aws:s3/bucket:Bucket" });
    assert.deepEqual(judgeDocument(pod, { policies: [resourcePolicy(typed as never)] }), []);
    const both = resourcePolicy([reporting("a"), reporting("b")]);
    assert.deepEqual(
      judgeDocument(pod, { policies: [both] }).map(({ message }) => message),
      ["a", "b"],
    );
  });

  it("gives a stack's policy all resources, with their parents and where values come from", () => {
    const policy = stackPolicy(({ resources }, report) => {
      const [bucket, setting, component] = resources;
      assert.equal(setting?.propertyDependencies.bucket?.[0], bucket);
      assert.equal(bucket?.parent, component);
      assert.equal(bucket?.opts.protect, true);
      assert.equal(bucket?.urn, "urn:pulumi:prod::shop::my:index:Store$aws:s3/bucket:Bucket::orders");
      report("wrong", bucket?.urn);
      report("all wrong");
    });
    const stack = [
      { type: "aws:s3/bucket:Bucket", name: "orders", props: {}, parent: "store", protect: true },
      { type: "aws:s3/bucketVersioning:BucketVersioning", name: "v", props: {}, from: { bucket: ["orders"] } },
      { type: "my:index:Store", name: "store", props: {} },
    ];
    const reports = judgeStack(stack, { policies: [policy] });
    assert.deepEqual(
      reports.map(({ resource, level, message }) => [resource, level, message]),
      [
        ["orders", "advisory", "wrong"],
        ["", "advisory", "all wrong"],
      ],
    );
    assert.throws(
      () => judgeStack([{ type: "a:b:C", name: "c", props: {}, parent: "lost" }], { policies: [] }),
      /"lost"/,
    );
  });

  it("throws where something unknown is read, as a preview does, and removes the marks of secrets", () => {
    const read = (props: object) => {
      const seen: unknown[] = [];
      const policy = resourcePolicy((args) => {
        try {
          seen.push(args.props.a);
        } catch (error) {
          seen.push((error as Error).name);
        }
      });
      judgeStack([{ type: "a:b:C", name: "c", props }], { policies: [policy] });
      return seen[0];
    };
    assert.equal(read({ a: "b" }), "b");
    assert.equal(
      read({ a: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "b" } }),
      "b",
    );
    assert.notEqual(read({ a: UNKNOWN }), UNKNOWN);
  });

  it("does not take an asynchronous policy for one that finds nothing", () => {
    assert.throws(() => judgeDocument(pod, { policies: [resourcePolicy(async () => {})] }), /theirs is asynchronous/);
  });

  it("lists what was found by policy, kind and path", () => {
    assert.deepEqual(findings([]), []);
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      spec: { resources: { requests: { storage: "1m" } } },
    };
    assert.ok(
      findings(judgeDocument(claim)).some(
        ([policy, , path]) => policy === "quantity-and-zone-valid" && path === "spec.resources.requests.storage",
      ),
    );
  });
});
