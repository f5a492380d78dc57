import assert from "node:assert/strict";
import { environmentOf } from "../support/environment.ts";
import { guides } from "./guides.ts";

describe("the guides' services", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`are each maintained in ${stack}`, () => {
      const { services } = environmentOf(stack);
      assert.deepEqual(
        guides.map(({ name }) => name).filter((name) => !services.includes(name)),
        [],
      );
    });
  }
});
