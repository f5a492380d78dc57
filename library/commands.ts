import { join, resolve } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

/**
 * `node library/commands.ts`: the command `upkeep` and the stand-ins that it previews with, as the package carries them. Whoever installs
 * it has its dependencies and peers; everything else that these import is in them. Part of `npm run build`.
 */
const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "linked",
  logLevel: "warning",
  platform: "node",
  splitting: true,
  target: "node22.12",
  tsconfigRaw: {},
  // Packages of the older module format ask for Node's own modules so.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
};

buildSync({
  ...options,
  entryPoints: { upkeep: "cli/upkeep.ts" },
  outdir: join(dist, "cli"),
  // cli/common/paths.ts finds the package by its own place: all files of this folder are as deep as the sources.
  external: ["zod", "yaml", "@pulumi/policy"],
});
buildSync({
  ...options,
  entryPoints: {
    aws: "standins/aws/main.ts",
    kubernetes: "standins/kubernetes/main.ts",
    random: "standins/random/main.ts",
  },
  outdir: join(dist, "standins"),
  external: ["zod", "@pulumi/kubernetes/package.json"],
  // They are started offline, and then read no kubeconfig.
  alias: { "@kubernetes/client-node": "data:text/javascript,export class KubeConfig {}" },
});
