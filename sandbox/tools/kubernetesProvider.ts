import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GoModule } from "./go.ts";

const module = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** Not the plugin's own name: the engine would take a `pulumi-resource-kubernetes` from PATH, and all else runs on the stand-in. */
export const kubernetesProviderName = "vendor-kubernetes-provider";

/**
 * The vendor's Kubernetes provider, which the suite `vendor` runs the product on.
 *
 * It is older than the npm package, because the Go proxy serves no newer one. What 4.29 changed cannot be seen on it: a create is a POST
 * and refuses what exists (4.25 takes it over), unless `upsertExistingObjects` is set; and `enablePatchForce` of the provider takes fields
 * from other managers (4.25 has only the annotation `pulumi.com/patchForce`). The stand-in behaves as from 4.29; of its tests,
 * standins/test/kubernetes/create.test.ts looks at the first, as do test/recovery/adopt.test.ts and test/recovery/recovery.test.ts.
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
