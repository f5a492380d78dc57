import { packed } from "./paths.ts";

/** A command as its user types it: by make in a clone, by npx where the package is installed. */
export function typed(command: string, stack = "prod", base?: string): string {
  if (packed) return ["npx upkeep", command, base && `--base=${base}`, stack].filter(Boolean).join(" ");
  return ["make", command, base && `BASE=${base}`, `STACK=${stack}`].filter(Boolean).join(" ");
}
