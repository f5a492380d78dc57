import assert from "node:assert/strict";
import { dumpJobs, dumpScratch, fetchedScratch } from "../../../../domain/backup/datastores/postgres.ts";
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
    assert.equal(dumpScratch(sized("51199Mi")), "51199Mi");
    assert.equal(dumpScratch(sized("50Gi")), "100Gi");
    assert.equal(dumpScratch(sized("20Gi", 15)), "20Gi");
  });

  it("is there twice where it is fetched, if several workers made it or it was compressed afterwards", () => {
    assert.equal(fetchedScratch(sized("20Gi")), "20Gi");
    assert.equal(fetchedScratch(sized("50Gi")), "100Gi");
    assert.equal(fetchedScratch(sized("20Gi", 15)), "40Gi");
  });

  it("is compressed by pg_dump itself from version 16 on", () =>
    assert.equal(fetchedScratch(sized("20Gi", 16)), "20Gi"));
});
