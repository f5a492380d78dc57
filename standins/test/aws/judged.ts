import type { Client } from "../../aws/request.ts";
import { watch } from "./requests.ts";
import { judge } from "./serviceModel.ts";

/** Keeps a client from sending a request that AWS's model of the service refuses: it fails, and names what is wrong. */
export function judged(client: Client): void {
  watch(client, (request) => {
    const faults = judge(request);
    if (faults.length > 0) throw new Error(`AWS's model of the service refuses it: ${faults.join("; ")}`);
    return undefined;
  });
}
