import assert from "node:assert/strict";
import { DeclarationError, faultMessage, redacted, refuseFaults } from "../../../domain/values/fault.ts";

const fault = { code: "wrong", path: "at", got: '"1"', allowed: "two", fix: "write 2" };

describe("a fault", () => {
  it("says where, what is there, what is allowed and how to fix it; its frame is in docs/refusals.md", () => {
    const { code: _, ...parts } = fault;
    for (const part of Object.values(parts)) assert.ok(faultMessage(fault).includes(part), part);
    assert.ok(!faultMessage({ ...fault, got: undefined }).includes("undefined"));
  });

  it("shows numbers, booleans and words of enumerations as they are", () => {
    assert.deepEqual([3, true, "OnFailure", "v1.2_beta-3", "", "a".repeat(40)].map(redacted), [
      "3",
      "true",
      '"OnFailure"',
      '"v1.2_beta-3"',
      '""',
      `"${"a".repeat(40)}"`,
    ]);
  });

  it("shows of any other text its length alone: it may be a secret", () => {
    assert.deepEqual(["a".repeat(41), "hunter 2", "p@ss", "/etc/passwd"].map(redacted), [
      "41 characters",
      "8 characters",
      "4 characters",
      "11 characters",
    ]);
  });

  it("shows nothing of an object or a list, and nothing where nothing is", () => {
    assert.deepEqual([{ password: "p" }, ["p"], null, undefined].map(redacted), [
      "an object",
      "an object",
      undefined,
      undefined,
    ]);
  });
});

describe("a refusal", () => {
  it("states all faults at once, under what they are in", () => {
    assert.throws(
      () => refuseFaults('service "a"', [fault, { ...fault, path: "there" }]),
      (error) => {
        assert.ok(error instanceof DeclarationError);
        assert.equal(error.name, "DeclarationError");
        assert.equal(error.faults.length, 2);
        for (const part of ['service "a"', ...error.faults.map(faultMessage)]) assert.ok(error.message.includes(part));
        return true;
      },
    );
  });

  it("does not happen where nothing is wrong", () => refuseFaults("nothing", []));
});
