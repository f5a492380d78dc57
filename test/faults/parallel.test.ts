import assert from "node:assert/strict";
import type { V1PodSpec } from "@kubernetes/client-node";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { set, under } from "./judge.ts";
import { run } from "./run.ts";

/** A database from either side of PostgreSQL 16, with the jobs that dump and drill it. */
const databases = [
  { version: 17, namespace: "mplp-production", backup: "mplp-backup", drill: "mplp-drill" },
  { version: 15, namespace: "lang-observatory", backup: "postgres-backup", drill: "postgres-drill" },
];

describe("a dump that several workers make", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  for (const { version, namespace, backup, drill } of databases) {
    it(`of PostgreSQL ${version} is published as one tar, and its drill restores what its manifest says`, async () => {
      const prefix = `parallel/${Date.now()}/`;
      // As components/datastores/postgres.ts declares it for a large database.
      const parallel = (pod: V1PodSpec) => {
        under(pod, prefix);
        set(pod, "dump", "JOBS", "2");
        for (const container of ["dump", "verify", "publish"]) set(pod, container, "ARTEFACT", "/scratch/backup.tar");
      };
      const dumped = await run(sandbox, backup, "parallel-dump", { pod: parallel }, "template", namespace);
      assert.equal(dumped.succeeded, true, dumped.log);
      const drilled = await run(
        sandbox,
        drill,
        "parallel-drill",
        { pod: (pod) => under(pod, prefix) },
        "template",
        namespace,
      );
      assert.equal(drilled.succeeded, true, drilled.log);
      assert.match(drilled.log, /copied \S+ to s3:\S+\/golden\/backup\.tar/);
    });
  }
});
