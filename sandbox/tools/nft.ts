import { join } from "node:path";
import { debianPackages, libraryPath } from "../debian.ts";
import { cachedFolder } from "./cached.ts";
import { writeScript } from "./link.ts";

/** The folder that holds `nft`, with which kube-proxy directs Services: Debian's, started with the libraries it came with. */
export async function nftFolder(): Promise<string> {
  const root = await debianPackages(["nftables"]);
  return cachedFolder("tools/nft", [root], (folder) =>
    writeScript(join(folder, "nft"), [`LD_LIBRARY_PATH='${libraryPath(root)}' exec '${root}/usr/sbin/nft' "$@"`]),
  );
}
