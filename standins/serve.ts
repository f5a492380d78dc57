import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { connectLog } from "./engine.ts";
import { Lifetime } from "./lifetime.ts";
import { Operations } from "./operations.ts";
import type { Provider } from "./provider.ts";
import { redact } from "./values.ts";
import { fromStruct, PartialFailure } from "./wire.ts";

/** Serves a stand-in as the engine's plugin: prints its port, and ends when the engine does. */
export async function serve(provider: Provider): Promise<void> {
  // Flags of ours and the engine's own for its log come before its address.
  const given = process.argv.slice(2);
  const engineAddress = given.findLast((argument) => !argument.startsWith("-"));
  const lifetime = new Lifetime();
  const mode = { offline: given.includes("--offline"), invents: given.includes("--invents") };
  const operations = new Operations(provider, connectLog(engineAddress), lifetime.signal, mode);

  const unary =
    <Q, R>(operation: (request: Q) => Promise<R>): grpc.handleUnaryCall<Q, R> =>
    (call, callback) =>
      lifetime
        .run(() => operation(call.request))
        .then(
          (response) => callback(null, response),
          (error: Error) => callback(status(error, call.request)),
        );

  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.ResourceProviderService, {
    checkConfig: unary(operations.checkConfig.bind(operations)),
    diffConfig: unary(operations.diffConfig.bind(operations)),
    configure: unary(operations.configure.bind(operations)),
    invoke: unary(operations.invoke.bind(operations)),
    check: unary(operations.check.bind(operations)),
    diff: unary(operations.diff.bind(operations)),
    create: unary(operations.create.bind(operations)),
    read: unary(operations.read.bind(operations)),
    update: unary(operations.update.bind(operations)),
    delete: unary(async (request: Parameters<Operations["delete"]>[0]) => {
      await operations.delete(request);
      return new empty.Empty();
    }),
    construct: unary(operations.construct.bind(operations)),
    cancel: unary(async () => {
      lifetime.cancel();
      return new empty.Empty();
    }),
    getPluginInfo: unary(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  lifetime.endWithParent();
  process.stdout.write(`${port}\n`);
}

/** What the engine prints. APIs quote the values that they refuse, so the request's secrets are taken out. */
function status(error: Error, request: unknown): Partial<grpc.StatusObject> {
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  const text = isBug ? (error.stack ?? String(error)) : error.message;
  return {
    code: grpc.status.UNKNOWN,
    details: redact(text, structs(request)),
    ...(error instanceof PartialFailure ? { metadata: error.metadata } : {}),
  };
}

function structs(request: unknown): unknown[] {
  const getters = ["getProperties", "getInputs", "getOldInputs", "getOlds", "getNews", "getArgs"];
  const message = request as Record<string, (() => Struct | undefined) | undefined>;
  return getters.flatMap((getter) => message[getter]?.call(message) ?? []).map(fromStruct);
}
