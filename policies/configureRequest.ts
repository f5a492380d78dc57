import { createRequire } from "node:module";
import type { Configuration } from "./configuration.ts";

interface Request {
  getPolicyconfigMap(): Iterable<[string, Entry]> & { entries(): Iterable<[string, Entry]> };
}

interface Entry {
  getEnforcementlevel(): number;
  getProperties(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Answer = (error: { code: number; details: string }) => void;
type Handler = (call: { request: Request }, answer: Answer) => unknown;
type AddService = (this: unknown, service: unknown, handlers: Record<string, Handler>) => void;

/** By the numbers of the protocol's EnforcementLevel. */
const levels = ["advisory", "mandatory", "disabled", "remediate"];

/** The status of gRPC for a request that cannot be met. */
const INVALID_ARGUMENT = 3;

/**
 * Reads the whole configuration when the engine sends it. The SDK shows a policy its own part alone, a disabled one none, and drops names
 * that no policy has; so this reads the request before it does. Called before the pack is constructed.
 *
 * @param read returns why the configuration cannot be used: the engine then ends with that text
 */
export function onConfiguration(read: (configuration: Configuration) => string | undefined): void {
  // The SDK's own copy of gRPC: another one has another server.
  const ofSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/policy"));
  const { Server } = ofSdk("@grpc/grpc-js") as { Server: { prototype: { addService: AddService } } };
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, handlers) {
    const { configure } = handlers;
    const checked: Handler = (call, answer) => {
      const why = read(configurationOf(call.request));
      return why === undefined ? configure?.(call, answer) : answer({ code: INVALID_ARGUMENT, details: why });
    };
    addService.call(this, service, configure ? { ...handlers, configure: checked } : handlers);
  };
}

function configurationOf(request: Request): Configuration {
  return Object.fromEntries(
    [...request.getPolicyconfigMap().entries()].map(([name, entry]) => [
      name,
      { ...entry.getProperties()?.toJavaScript(), enforcementLevel: levels[entry.getEnforcementlevel()] },
    ]),
  );
}
