import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { promqlError } from "../../domain/values/promql.ts";
import { declaredServices } from "../../services/index.ts";
import { engineAlerts } from "../domain/alerting/engineAlerts.ts";
import { blocks, placeholder, runbooks } from "../support/runbooks.ts";
import { guides } from "./guides.ts";

const named = (services: typeof guides) =>
  services.flatMap(({ alerts, logAlerts = [] }) => [...alerts, ...logAlerts].map(({ name }) => name));

describe("the runbooks of the guides' own alerts", () => {
  it("are each there", () => {
    const pages = runbooks();
    assert.deepEqual(
      named(guides).filter((alert) => !pages.includes(alert)),
      [],
    );
  });

  it("are, with the engine's, all that there are: no page outlives its alert", async () => {
    const known = new Set([...engineAlerts, ...named(await declaredServices())]);
    assert.deepEqual(
      runbooks().filter((page) => !known.has(page)),
      [],
    );
  });
});

describe("the blocks of the runbooks", () => {
  const all = runbooks().flatMap((page) => blocks(page).map((block) => ({ page, ...block })));

  it("are of shell, PromQL, LogQL or SQL, each in a block of its own", () => {
    assert.ok(all.length > 40, `only ${all.length} blocks`);
    assert.deepEqual(
      all.filter(({ language }) => !["sh", "promql", "logql", "sql"].includes(language)),
      [],
    );
    assert.deepEqual(
      runbooks().filter((page) => /^ {4}\S/m.test(readFileSync(`runbooks/${page}.md`, "utf8"))),
      [],
    );
  });

  it("hold PromQL that parses, one expression a line", () => {
    const expressions = all
      .filter(({ language }) => language === "promql")
      .flatMap(({ page, text }) =>
        text
          .trim()
          .split("\n")
          .map((line) => ({ page, line })),
      );
    assert.ok(expressions.length > 10, `only ${expressions.length} expressions`);
    assert.deepEqual(
      expressions.filter(({ line }) => promqlError(line.replace(/ +# .*$/, "").replaceAll(placeholder, "x"))),
      [],
    );
  });
});
