import { createRequire } from "node:module";
import type { Configuration } from "./configuration.ts";

interface ConfigureRequest {
  getPolicyconfigMap(): Iterable<[string, Entry]> & { entries(): Iterable<[string, Entry]> };
}

interface Entry {
  getEnforcementlevel(): number;
  getProperties(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Answer = (error: { code: number; details: string } | null, response?: object) => void;
type Handler<Request> = (call: { request: Request }, answer: Answer) => unknown;

/** A method of the service, as gRPC is told of it. */
interface Method {
  requestDeserialize(bytes: Uint8Array): object;
  responseType: new () => object;
}
type Service = Readonly<Record<"remediate", Method>>;
interface Handlers {
  configure: Handler<ConfigureRequest>;
  remediate: Handler<object>;
}
type AddService = (this: unknown, service: object, handlers: object) => void;
type Decode = (properties: object, keepSecrets: boolean) => object;

/** By the numbers of the protocol's EnforcementLevel. */
const levels = ["advisory", "mandatory", "disabled", "remediate"];

/** The status of gRPC for a request that cannot be met. */
const INVALID_ARGUMENT = 3;

/** The SDK's own modules and its own copy of gRPC: another copy has another server. */
const ofSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/policy"));

/**
 * Changes what the SDK's server does with requests. Called before the pack is constructed.
 *
 * - The whole configuration is read when the engine sends it. The SDK shows a policy its own part alone, a disabled one none, and drops names
 *   that no policy has.
 * - The engine asks for remediations of each resource before it asks for violations. Where the configuration sets no policy to remediate, that
 *   request is not even decoded.
 * - Properties are decoded once, and not for each policy again: rules only read them.
 *
 * The last two are a third of what the pack adds to a preview.
 *
 * @param read returns why the configuration cannot be used: the engine then ends with that text
 */
export function prepareServer(read: (configuration: Configuration) => string | undefined): void {
  decodeOnce();
  let remediates = false;
  const { Server } = ofSdk("@grpc/grpc-js") as { Server: { prototype: { addService: AddService } } };
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, handlers) {
    const { remediate: method } = service as Service;
    const { configure, remediate } = handlers as Handlers;
    const own: Handlers = {
      configure(call, answer) {
        const configuration = configurationOf(call.request);
        const why = read(configuration);
        if (why !== undefined) return answer({ code: INVALID_ARGUMENT, details: why });
        remediates = Object.values(configuration).some((entry) => (entry as Fields).enforcementLevel === "remediate");
        return configure(call, answer);
      },
      remediate({ request }, answer) {
        if (!remediates) return answer(null, new method.responseType());
        return remediate({ request: method.requestDeserialize(request as Uint8Array) }, answer);
      },
    };
    const undecoded = { ...method, requestDeserialize: (bytes: Uint8Array) => bytes };
    addService.call(this, { ...service, remediate: undecoded }, { ...handlers, ...own });
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** By resource; the engine's message of it is gone when it is judged. */
function decodeOnce(): void {
  const sdk = ofSdk("./deserialize.js") as { deserializeProperties: Decode };
  const { deserializeProperties: decode } = sdk;
  const decoded = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, keepSecrets) => {
    if (keepSecrets) return decode(properties, keepSecrets);
    const known = decoded.get(properties) ?? decode(properties, keepSecrets);
    decoded.set(properties, known);
    return known;
  };
}

function configurationOf(request: ConfigureRequest): Configuration {
  return Object.fromEntries(
    [...request.getPolicyconfigMap().entries()].map(([name, entry]) => [
      name,
      { ...entry.getProperties()?.toJavaScript(), enforcementLevel: levels[entry.getEnforcementlevel()] },
    ]),
  );
}
