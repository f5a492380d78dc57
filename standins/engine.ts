import { credentials } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "info" | "warning" | "error";

/** Shows a message on the user's screen: the engine hides a provider's stderr. */
export type Log = (severity: Severity, message: string, urn?: string) => Promise<void>;

/** @param address the engine's; undefined when it was started by hand */
export function connectLog(address: string | undefined): Log {
  if (address === undefined) return async (_severity, message) => void process.stderr.write(`${message}\n`);
  const client = new grpc.EngineClient(address, credentials.createInsecure());
  const severities = {
    info: messages.LogSeverity.INFO,
    warning: messages.LogSeverity.WARNING,
    error: messages.LogSeverity.ERROR,
  };
  return (severity, message, urn = "") => {
    const request = new messages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    // A lost message must not fail its operation.
    return new Promise((resolve) => client.log(request, () => resolve()));
  };
}
