import assert from "node:assert/strict";
import { parseQuantity } from "../../../domain/kubernetes/quantity.ts";

describe("a quantity", () => {
  const read: [text: string | number, value: number][] = [
    ["0", 0],
    ["1", 1],
    [2, 2],
    [".5", 0.5],
    ["1.", 1],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["+1k", 1000],
    ["-1", -1],
    ["100n", 1e-7],
    ["100u", 1e-4],
    ["100m", 0.1],
    ["3M", 3e6],
    ["3G", 3e9],
    ["3T", 3e12],
    ["3P", 3e15],
    ["3E", 3e18],
    ["1Ki", 2 ** 10],
    ["1Mi", 2 ** 20],
    ["1Ti", 2 ** 40],
    ["1Pi", 2 ** 50],
    ["1Ei", 2 ** 60],
    ["12e6", 12e6],
    ["12E-3", 0.012],
    [1e21, 1e21],
  ];
  for (const [text, value] of read) {
    it(`is read as the API reads it: ${text}`, () =>
      assert.ok(Math.abs(parseQuantity(text) - value) <= 1e-9 * Math.abs(value), String(parseQuantity(text))));
  }

  for (const text of [
    "",
    " ",
    "Gi",
    ".",
    "1 Gi",
    "1GB",
    "1K",
    "1ki",
    "1mi",
    "1e",
    "1e1.5",
    "0x10",
    "1,5",
    "banana",
    "Infinity",
    Number.NaN,
  ]) {
    it(`is refused: "${text}"`, () => assert.throws(() => parseQuantity(text), RangeError));
  }
});
