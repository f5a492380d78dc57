import assert from "node:assert/strict";
import { metricsOf } from "../../../domain/values/promql.ts";

describe("the metrics of an expression", () => {
  it("are those that it selects, once each: no label, function or grouping", () => {
    const expr =
      'sum by (job) (rate(a_total{$scope,b="c"}[5m])) / on (x) a_total{$scope} offset 1d or absent(lev:el:op)';
    assert.deepEqual(metricsOf(expr), ["a_total", "lev:el:op"]);
    assert.deepEqual(metricsOf('{__name__=~"a.+"} > 1'), []);
  });
});
