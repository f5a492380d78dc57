import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { execa } from "execa";
import { debianPackages, libraryPath } from "../../../sandbox/tools/debian.ts";
import { npmPackages } from "../../../sandbox/tools/npm.ts";
import { comment, PICTURE, SOURCE, stamp, styles } from "./source.ts";

/** `npm run docs:picture`: the README's picture of a comment, by Debian's Chromium. */

const packages = ["chromium-headless-shell", "fonts-inter", "fonts-hack"];

/** Pixels of the picture for one of the page's. */
const SCALE = 1.5;

const width = 960;

const page = async () => {
  const { marked } = await import(join(await npmPackages("marked"), "node_modules/marked/lib/marked.esm.js"));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<style>${styles()}</style>
<article>
<header><b>github-actions</b> commented <span>bot</span></header>
<main>${marked.parse(comment())}</main>
</article>
<script>document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height)</script>
</html>
`;
};

/** Chromium with the fonts of its packages alone: a picture does not depend on what the machine has. */
async function browser(scratch: string) {
  const root = await debianPackages(packages);
  const fonts = join(scratch, "fonts.conf");
  await writeFile(
    fonts,
    `<?xml version="1.0"?><fontconfig><dir>${join(root, "usr/share/fonts")}</dir><cachedir>${scratch}</cachedir></fontconfig>`,
  );
  // PulseAudio has a folder of its own, which its library knows on a machine where it is installed.
  const libraries = `${libraryPath(root)}:${join(root, "usr/lib/x86_64-linux-gnu/pulseaudio")}`;
  const env = { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts, HOME: scratch };
  return (...args: string[]) =>
    // Without a sandbox, for which Chromium needs rights that root in a container lacks: the page is our own.
    execa(
      join(root, "usr/lib/chromium/chromium-headless-shell"),
      ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", ...args],
      {
        env,
        timeout: 120_000,
      },
    );
}

/** The picture with a chunk more, behind its header, which has 33 bytes with the file's signature. */
function stamped(png: Buffer): Buffer {
  const note = stamp();
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(note.length - 4);
  sum.writeUInt32BE(crc32(note));
  return Buffer.concat([png.subarray(0, 33), length, note, sum, png.subarray(33)]);
}

const scratch = await mkdtemp(join(tmpdir(), "upkeep-picture-"));
try {
  const chromium = await browser(scratch);
  const file = join(scratch, "comment.html");
  await writeFile(file, await page());
  const address = pathToFileURL(file).href;
  const { stdout } = await chromium(`--window-size=${width},600`, "--dump-dom", address);
  const [, height] = /data-height="(\d+)"/.exec(stdout) ?? [];
  if (height === undefined) throw new Error("the page says no height");
  const shot = join(scratch, "comment.png");
  await chromium(
    `--window-size=${width},${height}`,
    `--force-device-scale-factor=${SCALE}`,
    `--screenshot=${shot}`,
    address,
  );
  await writeFile(SOURCE, comment());
  await writeFile(PICTURE, stamped(await readFile(shot)));
} finally {
  await rm(scratch, { recursive: true });
}
