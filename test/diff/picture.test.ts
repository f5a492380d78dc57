import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { comment, PICTURE, SOURCE, stamp } from "./picture/source.ts";

describe("the README's picture of a comment", () => {
  it("shows what the command writes today: else `npm run docs:picture` makes it again", () => {
    assert.equal(readFileSync(SOURCE, "utf8"), comment());
    assert.ok(readFileSync(PICTURE).includes(stamp()));
  });
});
