import type { Service } from "../domain/declaration/service.ts";
import { deployable } from "../domain/deployable.ts";
import { type Environment, stackEnvironment } from "../domain/environment/environment.ts";
import { DeclarationError } from "../domain/values/fault.ts";
import { loadServices } from "../services/index.ts";
import { Problem } from "./common/problem.ts";
import { stackConfig } from "./common/stackFile.ts";

/**
 * What a stack's files declare.
 *
 * @throws Problem for everything that `up` refuses without asking the cluster
 */
export async function declared(
  stack: string,
): Promise<{ environment: Environment; maintained: Service[]; retired: Service[] }> {
  const config = await stackConfig(stack);
  try {
    const environment = stackEnvironment(stack, config);
    return { environment, ...deployable(environment, await loadServices()) };
  } catch (error) {
    throw error instanceof DeclarationError ? new Problem(error.message) : error;
  }
}
