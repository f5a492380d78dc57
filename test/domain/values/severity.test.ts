import assert from "node:assert/strict";
import { severities } from "../../../domain/values/severity.ts";

describe("how loud an alert is", () => {
  it("is one of three, the loudest first", () => assert.deepEqual(severities, ["critical", "warning", "info"]));
});
