import assert from "node:assert/strict";
import { dumpJobs, postgres as kind } from "../../../../domain/backup/datastores/postgres.ts";
import { type Postgres, postgres, secret } from "../../../../domain/declaration/datastore.ts";
import type { Size } from "../../../../domain/values/size.ts";
import { assumed } from "../../../../domain/values/sourced.ts";

const facts = { host: "postgresql", database: "orders", credentials: secret("c") };
const sized = (size: Size, version = 17): Postgres =>
  postgres("main", { ...facts, version: version as Postgres["version"], size: assumed(size) });

describe("a database's dump", () => {
  it("is made by four workers from 50Gi on", () => {
    assert.equal(dumpJobs(sized("51199Mi")), 1);
    assert.equal(dumpJobs(sized("50Gi")), 4);
  });

  it("is twice in its scratch space where several workers make it", () => {
    assert.equal(kind.scratch(sized("51199Mi")).backup, "51199Mi");
    assert.equal(kind.scratch(sized("50Gi")).backup, "100Gi");
    assert.equal(kind.scratch(sized("20Gi", 15)).backup, "20Gi");
  });

  it("is there twice where it is fetched, if several workers made it or it was compressed afterwards", () => {
    assert.equal(kind.scratch(sized("20Gi")).restore, "20Gi");
    assert.equal(kind.scratch(sized("50Gi")).restore, "100Gi");
    assert.equal(kind.scratch(sized("20Gi", 15)).restore, "40Gi");
  });

  it("is compressed by pg_dump itself from version 16 on", () =>
    assert.equal(kind.scratch(sized("20Gi", 16)).restore, "20Gi"));

  it("is in a drill's scratch space beside the server that it is restored into", () => {
    assert.equal(kind.scratch(sized("20Gi")).drill, "42Gi");
    assert.equal(kind.scratch(sized("20Gi", 15)).drill, "62Gi");
    assert.equal(kind.scratch(sized("200Gi")).drill, "602Gi");
  });
});
