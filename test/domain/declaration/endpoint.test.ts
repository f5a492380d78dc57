import assert from "node:assert/strict";
import { endpoint } from "../../../domain/declaration/endpoint.ts";
import { assumed } from "../../../domain/values/sourced.ts";

describe("an endpoint", () => {
  it("is declared by its name, its addresses, its severity and how soon it notifies", () => {
    const facts = { severity: "critical", for: assumed("2m" as const) } as const;
    assert.deepEqual(endpoint("api", ["https://api.example.com/"], facts), {
      name: "api",
      urls: ["https://api.example.com/"],
      severity: "critical",
      for: { value: "2m", assumed: true },
    });
  });
});
