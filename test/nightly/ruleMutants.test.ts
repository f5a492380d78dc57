import assert from "node:assert/strict";
import { allMutants, differingAlerts, judgeMutants } from "../rules/proofs/judge.ts";
import { listedSurvivors, misjudged } from "../rules/proofs/survivors.ts";

describe("each mistake in an alert of prod, or in one that differs in staging or the sandbox,", function () {
  this.timeout("2h");

  it("is noticed by the alert's proof, or is in test/rules/proofs/survivors.yaml with its reason", async () => {
    const judged = await judgeMutants(allMutants(await differingAlerts()));
    console.log(`${judged.length} mistakes, ${judged.filter(({ noticed }) => noticed).length} noticed`);
    assert.deepEqual(misjudged(judged, listedSurvivors()), []);
  });
});
