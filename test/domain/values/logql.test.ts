import assert from "node:assert/strict";
import { shownLogqlError } from "../../../domain/values/logql.ts";

describe("an expression of LogQL", () => {
  it("is valid if it measures lines of the service's namespace", () => {
    for (const expr of [
      'sum(count_over_time({$scope} |~ "(?i)error" [5m])) > 10',
      'sum by (app) (rate({$scope,app="web"} |= "timeout" | json | status >= 500 [5m])) > 0.1',
      "sum(count_over_time({$scope}[1h])) / 3600 > 1",
    ]) {
      assert.equal(shownLogqlError(expr), undefined, expr);
    }
  });

  it("is not if it does not parse, and says where", () => {
    assert.match(
      shownLogqlError("sum(count_over_time({$scope} |~ [5m])) > 10") ?? "",
      /not LogQL at column 33, near \[5m\]/,
    );
    assert.match(shownLogqlError("sum(count_over_time({$scope}[5m]") ?? "", /not LogQL/);
    assert.match(shownLogqlError("up{$scope} == 0") ?? "", /not LogQL/);
  });

  it("is not if it counts nothing: a rule needs a number", () => {
    assert.match(shownLogqlError('{$scope} |= "error"') ?? "", /counts nothing/);
  });
});
