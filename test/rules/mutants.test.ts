import assert from "node:assert/strict";
import type { AlertRule } from "../../domain/prometheus/rules.ts";
import { mutantsOf, thresholds } from "./proofs/mutants.ts";
import { runPromtool } from "./proofs/promtool.ts";
import { misjudged } from "./proofs/survivors.ts";

const alert = (expr: string, wait = "5m"): AlertRule => ({
  alert: "QueueLong",
  expr,
  for: wait,
  labels: { severity: "warning" },
  annotations: { summary: "", description: "", runbook_url: "" },
});

const expressions = (expr: string) => mutantsOf(alert(expr, "0s")).map(({ rule }) => rule.expr);

describe("the mistakes that are made in an alert", () => {
  it("are a threshold that is too low or too high, and a comparison that is flipped", () => {
    assert.deepEqual(expressions('max(queue{job="a"}) > 14.4 * 0.01'), [
      'max(queue{job="a"}) > ((14.4 * 0.01) * 0.8)',
      'max(queue{job="a"}) > ((14.4 * 0.01) * 1.25)',
      'max(queue{job="a"}) < 14.4 * 0.01',
    ]);
  });

  it("are each operand of a set operation that is missing, and a comparison inside another operation", () => {
    assert.deepEqual(expressions("(a or b) == 0 unless on () absent(c)"), [
      "(a or b) == 0",
      "(a or b) != 0 unless on () absent(c)",
      "(a or b) unless on () absent(c)",
      "(a) == 0 unless on () absent(c)",
      "(b) == 0 unless on () absent(c)",
    ]);
  });

  it("are a bound on either side, and a threshold that is no number", () => {
    assert.deepEqual(thresholds("0 < sum(a) < 1000"), [1000]);
    assert.ok(expressions("0 < sum(a) < 1000").includes("sum(a) < 1000"));
    assert.ok(expressions("a > 3 * b").includes("a > ((3 * b) * 0.8)"));
  });

  it("are a missing `for`, and are named without what differs between services", () => {
    assert.deepEqual(
      mutantsOf(alert('queue{namespace="shop"} == 0')).map(({ change, rule }) => [change, rule.for]),
      [
        ["flipped: queue == 0", "5m"],
        ["no for", "0s"],
      ],
    );
  });
});

describe("a mistake", () => {
  const one = { alert: "QueueLong", change: "no for" };

  it("is misjudged where no proof notices it and none is said to be unable to, or the other way round", () => {
    const judge = (noticed: boolean, ...listed: (typeof one)[]) => misjudged([{ ...one, noticed }], listed).length;
    assert.deepEqual([judge(true), judge(false, one)], [0, 0]);
    assert.deepEqual([judge(false), judge(true, one)], [1, 1]);
  });

  it("that Prometheus cannot load is not one that a proof noticed", async () => {
    const file = (expr: string) => ({
      evaluation_interval: "60s",
      rules: [alert(expr)],
      tests: [
        {
          name: "is quiet",
          interval: "60s",
          input_series: [{ series: "queue", values: "1x10" }],
          promql_expr_test: [{ expr: 'count(ALERTS{alertstate="firing"})', eval_time: "6m", exp_samples: [] }],
        },
      ],
    });
    assert.deepEqual(await runPromtool([file("queue > 1")]), [[]]);
    const [failed] = await runPromtool([file("queue > 0")]);
    assert.deepEqual(
      failed?.map(({ name }) => name),
      ["is quiet"],
    );
    await assert.rejects(runPromtool([file("queue >")]), /could not run|ran 0 of 1/);
    await assert.rejects(runPromtool([file("rate(queue) > 0")]), /could not run|ran 0 of 1/);
  });
});
