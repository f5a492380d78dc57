import assert from "node:assert/strict";
import {
  allMutants,
  differingAlerts,
  judgeMutants,
  judgeProofs,
  type StackAlert,
  type StackMutant,
} from "./proofs/judge.ts";
import type { Failure } from "./proofs/promtool.ts";
import { isSame, listedSurvivors, misjudged } from "./proofs/survivors.ts";
import { proofOf } from "./proofs/table.ts";

const alerts = await differingAlerts();
const names = [...new Set(alerts.map(({ rule }) => rule.alert))].sort();

/** The nightly suite `ruleMutants` judges all; here every so many-th of each kind of expression. */
const SAMPLED = 8;

/** Expressions that differ only in names and numbers make the same mistakes. */
function sample(mutants: StackMutant[]): StackMutant[] {
  const kinds = new Map<string, StackAlert>();
  const ofKinds = mutants.filter(({ of }) => {
    const kind = `${of.rule.alert} ${of.rule.expr.replaceAll(/"[^"]*"/g, "").replaceAll(/\d+(\.\d+)?/g, "")}`;
    if (!kinds.has(kind)) kinds.set(kind, of);
    return kinds.get(kind) === of;
  });
  return ofKinds.filter((_, index) => index % SAMPLED === 0);
}

describe("each alert of prod, and each that differs in staging and the sandbox,", function () {
  this.timeout("6m");
  let failures: Map<StackAlert, Failure[]>;
  const proven = alerts.filter((alert) => {
    try {
      return proofOf(alert);
    } catch {
      return false;
    }
  });

  before(async () => {
    failures = await judgeProofs(proven);
  });

  for (const name of names) {
    const own = alerts.filter(({ rule }) => rule.alert === name);

    it(`${name} is proven: at 1.1 and 0.9 times its threshold, in a restart, without series and exporters`, () => {
      for (const one of own) proofOf(one);
      assert.deepEqual(
        own.flatMap((one) =>
          (failures.get(one) as Failure[]).map(
            (failure) => `${one.stack} ${one.name}: ${failure.name}\n${failure.said}`,
          ),
        ),
        [],
      );
    });
  }
});

describe("mistakes in alerts", function () {
  this.timeout("6m");
  const mutants = allMutants(alerts);
  const listed = listedSurvivors();
  it("that are listed as unnoticeable could each be made", () => {
    assert.deepEqual(
      listed.filter((one) => !mutants.some((mutant) => isSame(mutant, one))),
      [],
    );
  });

  it("are noticed by the proofs, but for those that are listed with a reason", async () => {
    const judged = await judgeMutants(sample(mutants));
    assert.ok(judged.length > 50, `only ${judged.length} mistakes were made`);
    assert.deepEqual(misjudged(judged, listed), []);
  });
});
