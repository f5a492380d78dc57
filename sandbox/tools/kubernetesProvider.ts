import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GoModule } from "./go.ts";

const module = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** Not the plugin's own name: the engine would take a `pulumi-resource-kubernetes` from PATH, and all else runs on the stand-in. */
export const kubernetesProviderName = "vendor-kubernetes-provider";

/**
 * The vendor's Kubernetes provider, which the suite `vendor` runs the product on.
 *
 * It is older than the npm package, because the Go proxy serves no newer one; the engine warns of that, and runs it. What 4.29 changed
 * cannot be seen on it. A create is a POST and refuses what exists, unless `upsertExistingObjects` is set: 4.25 takes it over. The provider's
 * argument `enablePatchForce` takes fields from other managers: 4.25 knows only the variable, which cli/engine.ts sets, and an annotation.
 * The stand-in behaves as from 4.29; at the first look standins/test/kubernetes/create.test.ts, test/recovery/adopt.test.ts and
 * test/recovery/kills.ts, at the second test/components/providers.test.ts.
 *
 * A newer one takes the line of go.mod that requires it and `go mod tidy`; from 4.31 main.go gives `Serve` a fifth argument.
 */
export const kubernetesProvider: GoModule = {
  module,
  programs: { [kubernetesProviderName]: "." },
  stamps: (version) => ({ [`${module}/pkg/version.Version`]: version.slice(1) }),
  generate: async (folder, version) => {
    const read = async (file: string) =>
      JSON.parse(await readFile(join(folder, "cmd/pulumi-resource-kubernetes", file), "utf8"));
    return {
      "gen/schema.json": JSON.stringify({ ...(await read("schema.json")), version: version.slice(1) }),
      "gen/terraform-mapping.json": JSON.stringify(await read("terraform-mapping.json")),
    };
  },
  seconds: 11 * 60,
  gigabytes: 3,
};
