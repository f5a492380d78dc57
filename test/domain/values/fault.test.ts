import assert from "node:assert/strict";
import { DeclarationError, faultMessage, refuseFaults, shown } from "../../../domain/values/fault.ts";

const fault = { path: "at", got: '"1"', allowed: "two", fix: "write 2" };

describe("a fault", () => {
  it("says what, got, allowed and how to fix it, in one sentence each", () => {
    assert.equal(faultMessage(fault), 'at is "1"; allowed: two. Fix: write 2');
    assert.equal(faultMessage({ ...fault, got: undefined }), "at is missing; allowed: two. Fix: write 2");
  });

  it("shows numbers, booleans and words of enumerations as they are", () => {
    assert.deepEqual([3, true, "OnFailure", "v1.2_beta-3", "", "a".repeat(40)].map(shown), [
      "3",
      "true",
      '"OnFailure"',
      '"v1.2_beta-3"',
      '""',
      `"${"a".repeat(40)}"`,
    ]);
  });

  it("shows of any other text its length alone: it may be a secret", () => {
    assert.deepEqual(["a".repeat(41), "hunter 2", "p@ss", "/etc/passwd"].map(shown), [
      "41 characters",
      "8 characters",
      "4 characters",
      "11 characters",
    ]);
  });

  it("shows nothing of an object or a list, and nothing where nothing is", () => {
    assert.deepEqual([{ password: "p" }, ["p"], null, undefined].map(shown), [
      "an object",
      "an object",
      undefined,
      undefined,
    ]);
  });
});

describe("a refusal", () => {
  it("tells all faults at once, under what they are in", () => {
    assert.throws(
      () => refuseFaults('service "a"', [fault, { ...fault, path: "there" }]),
      (error) => {
        assert.ok(error instanceof DeclarationError);
        assert.equal(error.name, "DeclarationError");
        assert.equal(error.faults.length, 2);
        assert.equal(
          error.message,
          'service "a" cannot be deployed:\n- at is "1"; allowed: two. Fix: write 2\n- there is "1"; allowed: two. Fix: write 2',
        );
        return true;
      },
    );
  });

  it("is none where nothing is wrong", () => refuseFaults("nothing", []));
});
