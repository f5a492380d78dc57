import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { Problem } from "../../cli/common/problem.ts";
import { step } from "../../cli/common/progress.ts";
import { cachedFolder } from "../tools/cached.ts";
import { requireGo } from "../tools/requirements.ts";

const module = "github.com/prometheus-operator/prometheus-operator";
const pin = join(import.meta.dirname, "../tools/prometheus-operator-crds");

/**
 * The folder with prometheus-operator's CRDs, one a file, taken from its Go module. Without their descriptions, two thirds of them,
 * which the API server would work through for seconds at every start, and which nothing here shows.
 */
export async function prometheusOperatorCrds(): Promise<string> {
  const inputs = await Promise.all(["go.mod", "go.sum"].map((file) => readFile(join(pin, file))));
  return cachedFolder("prometheus-operator-crds", [...inputs, "without descriptions"], async (folder) => {
    await requireGo("prometheus-operator's CRDs");
    const options = { cwd: pin, env: { GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" }, reject: false } as const;
    const download = () => execa("go", ["mod", "download", "-json", module], options);
    const { stdout, stderr } = await step("fetch prometheus-operator's CRDs", download, "15 s");
    const { Dir, Error: reason = stderr } = JSON.parse(stdout || "{}") as { Dir?: string; Error?: string };
    if (!Dir) throw new Problem(`prometheus-operator's CRDs could not be fetched: ${reason}`);
    const source = join(Dir, "example/prometheus-operator-crd");
    for (const file of (await readdir(source)).filter((name) => name.endsWith(".yaml"))) {
      const crd = parse(await readFile(join(source, file), "utf8"), (key, value) =>
        // A field may be called so too: its schema is no text.
        key === "description" && typeof value === "string" ? undefined : value,
      );
      await writeFile(join(folder, file.replace(/yaml$/, "json")), JSON.stringify(crd));
    }
  });
}
