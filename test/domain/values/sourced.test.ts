import assert from "node:assert/strict";
import { assumed, guide } from "../../../domain/values/sourced.ts";

describe("a value", () => {
  it("says whether the guide gives it", () => {
    assert.deepEqual(assumed("26h"), { value: "26h", assumed: true });
    assert.deepEqual(guide("26h"), { value: "26h", assumed: false });
  });
});
