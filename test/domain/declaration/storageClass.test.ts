import assert from "node:assert/strict";
import { retrievals, storageClasses } from "../../../domain/declaration/storageClass.ts";

describe("a storage class for what is hardly ever read", () => {
  it("is one of three, of which two make a person wait for hours", () => {
    assert.deepEqual([...storageClasses], ["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]);
    assert.deepEqual(retrievals, { GLACIER_IR: undefined, GLACIER: "12h", DEEP_ARCHIVE: "48h" });
  });
});
