import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runbooks } from "../../support/runbooks.ts";
import { engineAlerts } from "./engineAlerts.ts";

const pages = runbooks();
const text = (page: string) => readFileSync(`runbooks/${page}.md`, "utf8");

describe("the runbooks", () => {
  it("have a page for each alert that the engine makes", () => {
    assert.ok(engineAlerts.length > 20);
    assert.deepEqual(
      engineAlerts.filter((alert) => !pages.includes(alert)),
      [],
    );
  });

  it("say what the alert means and where to look", () => {
    for (const page of pages) {
      assert.ok(text(page).startsWith(`# ${page}\n\n**What it means.** `), page);
      assert.match(text(page), /^\*\*Look\*\*$/m, page);
    }
  });

  it("lead only to pages that exist", () => {
    const links = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => ({ page, link })),
    );
    assert.ok(links.length > pages.length);
    assert.deepEqual(
      links.filter(({ link }) => !existsSync(join("runbooks", link))),
      [],
    );
  });
});
