import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { clone } from "../../../cli/common/paths.ts";
import { markdownOf } from "../../../cli/diff/markdown.ts";
import { Report } from "../../../cli/diff/report.ts";

const folder = join(clone, "docs/pictures");

/** What the README shows. */
export const PICTURE = join(folder, "comment.png");

/** The comment as the picture has it. */
export const SOURCE = join(folder, "comment.md");

/** What `make diff FORMAT=json` printed of a change to mplp: a longer interval, no drill of its cache, and an image without a version. */
const REPORTS = join(folder, "comment.json");

/** The comment as the command prints it today. */
export function comment(): string {
  return markdownOf(z.array(Report).parse(JSON.parse(readFileSync(REPORTS, "utf8"))));
}

/** How the page looks: like a comment on a pull request. */
export const styles = (): string => readFileSync(join(import.meta.dirname, "comment.css"), "utf8");

/** A chunk of the picture's file that says what it was made from. */
export function stamp(): Buffer {
  const hash = createHash("sha256").update(comment()).update(styles()).digest("hex");
  return Buffer.from(`tEXtSource\0${hash}`, "latin1");
}
