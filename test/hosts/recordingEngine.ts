import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Record<string, unknown>;
}

/** As much of the engine as a program needs in a preview: it records what is registered and echoes the inputs. */
export class RecordingEngine {
  readonly registrations: Registration[] = [];
  /** What was registered as outputs, by URN. */
  readonly outputs = new Map<string, Record<string, unknown>>();
  /** Warnings and errors. */
  readonly complaints: string[] = [];
  /** Invokes, which a preview of ours must not need. */
  readonly invokes: string[] = [];
  readonly #server = new grpc.Server();

  async listen(): Promise<string> {
    this.#server.addService(monitorServices.ResourceMonitorService, this.#monitor());
    this.#server.addService(engineServices.EngineService, this.#engine());
    return new Promise((resolve, reject) =>
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(`127.0.0.1:${port}`),
      ),
    );
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #monitor() {
    const done = () => new empty.Empty();
    return {
      supportsFeature: answer(() => {
        const response = new messages.SupportsFeatureResponse();
        response.setHassupport(true);
        return response;
      }),
      registerResource: answer((request: InstanceType<typeof messages.RegisterResourceRequest>) => {
        const [type, name] = [request.getType(), request.getName()];
        const inputs = (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
        this.registrations.push({ type, name, custom: request.getCustom(), parent: request.getParent(), inputs });
        const response = new messages.RegisterResourceResponse();
        response.setUrn(`urn:pulumi:staging::upkeep::${type}::${name}`);
        response.setObject(request.getObject());
        return response;
      }),
      registerResourceOutputs: answer((request: InstanceType<typeof messages.RegisterResourceOutputsRequest>) => {
        this.outputs.set(request.getUrn(), (request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>);
        return done();
      }),
      invoke: answer((request: InstanceType<typeof messages.ResourceInvokeRequest>) => {
        this.invokes.push(request.getTok());
        throw new Error(`the invoke ${request.getTok()} is not answered here`);
      }),
      signalAndWaitForShutdown: answer(done),
    };
  }

  #engine() {
    return {
      log: answer((request: InstanceType<typeof engineMessages.LogRequest>) => {
        const { WARNING, ERROR } = engineMessages.LogSeverity;
        const loud = request.getSeverity() === WARNING || request.getSeverity() === ERROR;
        if (loud) this.complaints.push(request.getMessage());
        return new empty.Empty();
      }),
      getRootResource: answer(() => new engineMessages.GetRootResourceResponse()),
      setRootResource: answer(() => new engineMessages.SetRootResourceResponse()),
    };
  }
}

function answer<Q, R>(reply: (request: Q) => R): grpc.handleUnaryCall<Q, R> {
  return (call, callback) => {
    try {
      callback(null, reply(call.request));
    } catch (error) {
      callback(error as Error);
    }
  };
}
