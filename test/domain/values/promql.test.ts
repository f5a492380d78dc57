import assert from "node:assert/strict";
import { lookback, metricsOf, selectedBy, selectorOf, selectorParts } from "../../../domain/values/promql.ts";

describe("the metrics of an expression", () => {
  it("are those that it selects, once each: no label, function or grouping", () => {
    const expr =
      'sum by (job) (rate(a_total{$scope,b="c"}[5m])) / on (x) a_total{$scope} offset 1d or absent(lev:el:op)';
    assert.deepEqual(metricsOf(expr), ["a_total", "lev:el:op"]);
    assert.deepEqual(metricsOf('{__name__=~"a.+"} > 1'), []);
  });

  it("are those in quotes too, wherever they are among the matchers, and no label in quotes", () => {
    const expr = 'sum by ("http.route") (rate({"a.b_total",$scope}[5m])) / rate({$scope,"http.code"="200","c d"}[5m])';
    assert.deepEqual(metricsOf(expr), ["a.b_total", "c d"]);
    assert.deepEqual(selectedBy('{"a.b",namespace="shop"} > c{"d.e"="f"}'), [
      { metric: "a.b", namespace: "shop" },
      { metric: "c" },
    ]);
  });
});

describe("a selector of a metric", () => {
  it("is its name and its matchers", () => {
    assert.deepEqual(selectorParts("up"), { metric: "up", matchers: [] });
    assert.deepEqual(selectorParts('up{ $scope, job="a,b" }'), { metric: "up", matchers: ["$scope", 'job="a,b"'] });
    assert.deepEqual(selectorParts('{"c.d"=~"e","a.b",$scope}'), { metric: "a.b", matchers: ['"c.d"=~"e"', "$scope"] });
  });

  it("is nothing that selects several metrics, or computes with one", () => {
    for (const text of ["rate(up[5m])", "up[5m]", "up + up", '{job="a"}', "up{", "", '"a.b"', "-up", "up offset 1d"]) {
      assert.equal(selectorParts(text), undefined, text);
    }
  });

  it("has its name in quotes only where Prometheus demands it", () => {
    assert.equal(selectorOf("a:b_c0"), "a:b_c0");
    assert.equal(selectorOf("a", 'b="c"', 'd="e"'), 'a{b="c",d="e"}');
    assert.equal(selectorOf("a.b"), '{"a.b"}');
    assert.equal(selectorOf("2xx", 'b="c"'), '{"2xx",b="c"}');
  });
});

describe("how far back an expression looks", () => {
  it("is its longest range, in whatever form that is written", () => {
    for (const [expr, seconds] of [
      ["up == 0", 0],
      ["rate(a[5m]) / rate(b[1h30m]) > 0.5", 5400],
      ["sum(increase(a[90])) or increase(b[500ms])", 90],
    ] as const) {
      assert.equal(lookback(expr), seconds, expr);
    }
  });

  it("is that of a subquery and what is inside it together, and no offset", () => {
    assert.equal(lookback("max_over_time(rate(a[5m])[1h:1m])"), 3900);
    assert.equal(lookback("rate(a[5m]) > 2 * rate(a[5m] offset 1d)"), 300);
  });

  it("goes on in the records that it reads", () => {
    const records = new Map([
      ["a:ratio1h", "sum_over_time(a:rate5m[1h])"],
      ["a:rate5m", "rate(a[5m])"],
    ]);
    assert.equal(lookback('a:ratio1h{service="shop"} > 0.1', records), 3900);
    assert.equal(lookback("a:other > 0.1", records), 0);
  });
});
