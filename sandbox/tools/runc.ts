import { delimiter, join } from "node:path";
import { debianPackages, libraryPath } from "./debian.ts";
import type { GoModule } from "./go.ts";
import { requireCompiler } from "./requirements.ts";

/** runc needs C for seccomp, which the node's pods ask for. It is linked statically: no library has to be found at run time. */
export const runcModule: GoModule = {
  module: "github.com/opencontainers/runc",
  programs: { runc: "" },
  tags: "seccomp,netgo,osusergo",
  linkerFlags: "-linkmode external -extldflags -static",
  environment: async () => {
    await requireCompiler("runc");
    const root = await debianPackages(["libseccomp-dev", "pkg-config"]);
    return {
      CGO_ENABLED: "1",
      CGO_CFLAGS: `-O2 -I${join(root, "usr/include")}`,
      CGO_LDFLAGS: libraryPath(root)
        .split(":")
        .map((folder) => `-L${folder}`)
        .join(" "),
      PATH: [join(root, "usr/bin"), process.env.PATH].join(delimiter),
      PKG_CONFIG_PATH: libraryPath(root)
        .split(":")
        .map((folder) => join(folder, "pkgconfig"))
        .join(":"),
    };
  },
  seconds: 30,
  gigabytes: 0.5,
};
