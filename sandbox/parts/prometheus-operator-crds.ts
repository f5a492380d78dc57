import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../problem.ts";
import { step } from "../progress.ts";
import { cachedFolder } from "../tools/cached.ts";
import { requireGo } from "../tools/requirements.ts";

const module = "github.com/prometheus-operator/prometheus-operator";
const pin = join(import.meta.dirname, "../tools/prometheus-operator-crds");

/** The folder with prometheus-operator's CRDs, one a file, taken from its Go module. */
export async function prometheusOperatorCrds(): Promise<string> {
  const inputs = await Promise.all(["go.mod", "go.sum"].map((file) => readFile(join(pin, file))));
  return cachedFolder("prometheus-operator-crds", inputs, async (folder) => {
    await requireGo("prometheus-operator's CRDs");
    const options = { cwd: pin, env: { GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" }, reject: false } as const;
    const download = () => execa("go", ["mod", "download", "-json", module], options);
    const { stdout, stderr } = await step("fetch prometheus-operator's CRDs", download, "15 s");
    const { Dir, Error: reason = stderr } = JSON.parse(stdout || "{}") as { Dir?: string; Error?: string };
    if (!Dir) throw new Problem(`prometheus-operator's CRDs could not be fetched: ${reason}`);
    await cp(join(Dir, "example/prometheus-operator-crd"), folder, { recursive: true });
  });
}
