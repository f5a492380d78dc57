import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promqlError } from "../../domain/values/promql.ts";
import { declaredServices } from "../../services/index.ts";
import { engineAlerts } from "../domain/alerting/engineAlerts.ts";
import { blocks, blocksOf, placeholder, runbooks } from "../support/runbooks.ts";
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

describe("the page on restores", () => {
  const page = readFileSync("docs/restore-now.md", "utf8");

  it("is where each runbook leads if data is lost", () =>
    assert.deepEqual(
      runbooks().filter((alert) => !readFileSync(`runbooks/${alert}.md`, "utf8").includes("(../docs/restore-now.md)")),
      [],
    ));

  it("is named by README.md, and has every heading and page that it links to", () => {
    assert.match(readFileSync("README.md", "utf8"), /\(docs\/restore-now\.md\)/);
    const links = [...page.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)].map(([, file, anchor]) => [file, anchor]);
    assert.ok(links.length > 15, `only ${links.length} links`);
    const missing = links.filter(([file, anchor]) => {
      const text = readFileSync(file ? join("docs", file) : "docs/restore-now.md", "utf8");
      return anchor && !headings(text).includes(anchor);
    });
    assert.deepEqual(missing, []);
  });

  it("undoes a restore by the statements that made it, the other way round", () => {
    const [undo = ""] = blocksOf("docs/restore-now.md").flatMap(({ language, text }) =>
      language === "sql" && text.startsWith("ALTER") ? [text] : [],
    );
    const made = /<<'SQL'\n(ALTER[\s\S]*?)SQL\n/.exec(readFileSync("programs/postgres/restore.sh", "utf8"))?.[1] ?? "";
    const plain = (text: string) =>
      text
        .replace(/:"?(\w+)"?|:'(\w+)'/g, (_, one, other) => `<${one ?? other}>`)
        .replaceAll('"', "")
        .replaceAll("'", "")
        .replace(" AS ended", "")
        .replace(" \\gset", ";");
    const names = { restored: "<database>_undone", replaced: "<database>_before_<time>", target: "<database>" };
    const program = plain(made)
      .replace("RENAME TO <replaced>", "RENAME TO <restored>")
      .replace("ALTER DATABASE <restored> RENAME", "ALTER DATABASE <replaced> RENAME")
      .replace(/<(restored|replaced|target)>/g, (_, name: keyof typeof names) => names[name]);
    assert.equal(plain(undo), `${program}ALTER DATABASE <database>_undone ALLOW_CONNECTIONS true;\n`);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function headings(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

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
