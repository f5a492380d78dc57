import { Problem } from "./problem.ts";

/**
 * The address of a running server that a person gave.
 *
 * @param name of the variable that has it
 * @param example a whole command
 * @throws Problem when it is missing, or is no address
 */
export function serverAddress(name: string, value: string | undefined, example: string): string {
  if (value && URL.canParse(value) && /^https?:/.test(value)) return value;
  throw new Problem(
    `${name} is ${value ? `"${value}"` : "missing"}; allowed: the address of a running one, such as http://localhost:9090. ${example}`,
  );
}
