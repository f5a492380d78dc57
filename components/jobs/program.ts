import { readFileSync } from "node:fs";

/**
 * The text of a program of programs/, to be carried in a pod.
 *
 * @param name its path in that folder, such as `postgres/dump.sh`
 */
export function program(name: string): string {
  return readFileSync(new URL(`../../programs/${name}`, import.meta.url), "utf8");
}
