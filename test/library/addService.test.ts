import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { copyOfClone } from "../support/copyOfClone.ts";

/** The code blocks of a page, by language. */
function block(page: string, language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] as string;
}

describe("docs/add-a-service.md", function () {
  this.timeout("3m");
  let folder: string;

  before(async () => {
    folder = await copyOfClone("upkeep-sixth-");
    const page = await readFile(join(folder, "docs/add-a-service.md"), "utf8");
    await writeFile(join(folder, "services/shop.ts"), block(page, "ts"));
    const stack = join(folder, "Pulumi.prod.yaml");
    assert.ok(parse(block(page, "yaml"))["upkeep:services"].includes("shop"));
    const listed = await readFile(stack, "utf8");
    const changed = listed.replace(/^( {2}upkeep:services: \[.*)\]$/m, "$1, shop]");
    assert.notEqual(changed, listed);
    await writeFile(stack, changed);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("adds a service with one file and one line, which formatter and compiler accept as they are", async () => {
    const bin = join(clone, "node_modules/.bin");
    await execa(join(bin, "tsc"), [], { cwd: folder });
    await execa(join(bin, "biome"), ["check", "--vcs-enabled=false", "services/shop.ts"], { cwd: folder });
  });

  it("makes all that the declaration promises, without a violation", async () => {
    const { stdout } = await execa(process.execPath, ["cli/main.ts", "preview", "prod", "--json"], {
      cwd: folder,
      stdin: "ignore",
    });
    const { steps } = parse(stdout) as { steps: { op: string; urn: string }[] };
    const shop = steps.map(({ urn }) => urn.split("::").slice(-2).join(" ").split("$").at(-1) as string);
    const expected = [
      "aws:s3/bucket:Bucket shop-backups-bucket",
      "kubernetes:batch/v1:CronJob shop-orders-cronjob",
      "kubernetes:batch/v1:CronJob shop-health-monitor-cronjob",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler shop-web-autoscaler",
      "kubernetes:policy/v1:PodDisruptionBudget shop-web-budget",
    ];
    assert.deepEqual(
      expected.filter((one) => !shop.includes(one)),
      [],
    );
  });
});
