import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { Problem } from "../cli/common/problem.ts";
import { changes } from "./changes.ts";
import type { Log } from "./engine.ts";
import { type Handlers, InitializationFailed, type Provider, type Request, type Session } from "./provider.ts";
import { markLike, type Properties, reveal } from "./values.ts";
import { checkResponse, diffResponse, fromStruct, PartialFailure, toStruct } from "./wire.ts";

/** The stack whose resources are real. On every other stack a stand-in contacts nothing and changes nothing. */
const SANDBOX = "sandbox";

/** How a stand-in serves, beside the stack's name. */
export interface Mode {
  /** Whether it contacts nothing for the stack `sandbox` either. */
  offline: boolean;
  /** Whether a preview's creation returns an id and all outputs, as if the resource existed: for a preview that becomes a state. */
  invents: boolean;
}

/** The operations of pulumirpc.ResourceProvider, from message to message. */
export class Operations {
  readonly #provider: Provider;
  readonly #mode: Mode;
  #session: Session;

  constructor(implementation: Provider, log: Log, signal: AbortSignal, mode: Mode) {
    this.#provider = implementation;
    this.#mode = mode;
    this.#session = { stack: "", online: false, log, signal };
  }

  async checkConfig(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const config = plain(request.getNews());
    const { inputs, failures = [] } = this.#provider.checkConfig?.(config) ?? { inputs: config };
    return checkResponse(inputs, failures);
  }

  /** A changed argument updates the provider; replacing it would replace all that it made. */
  async diffConfig(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const changed = changes(plain(request.getOldInputs()), plain(request.getNews()));
    return diffResponse(changed.map((change) => ({ ...change, replaces: false })));
  }

  async configure(request: rpc.ConfigureRequest): Promise<rpc.ConfigureResponse> {
    const urn = request.getUrn() ?? "";
    const { stack } = parseUrn(urn);
    this.#session = { ...this.#session, stack, online: this.#serves(stack) };
    const { name, version } = this.#provider;
    const silence = `on stack ${stack} it contacts nothing: previews show what the program says, and up is refused`;
    const announcement = `The sandbox's stand-in serves as provider ${name} ${version}`;
    await this.#session.log("info", this.#session.online ? announcement : `${announcement}; ${silence}`, urn);
    await this.#provider.configure?.(plain(request.getArgs()), this.#session);
    const response = new provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async invoke(request: rpc.InvokeRequest): Promise<rpc.InvokeResponse> {
    const token = request.getTok();
    const result = await this.#provider.invoke?.(token, plain(request.getArgs()), this.#session);
    if (result === undefined) throw new Problem(this.#unsupported(`function ${token}`));
    const response = new provider.InvokeResponse();
    response.setReturn(toStruct(markLike(result, fromStruct(request.getArgs()))));
    return response;
  }

  async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const marked = fromStruct(request.getNews());
    const inputs = reveal(marked);
    const common = this.#common(request.getUrn());
    try {
      const handlers = this.#handlers(common.type);
      const checked = await handlers.check?.({ ...common, inputs, oldInputs: plain(request.getOlds()) });
      return checkResponse(markLike(checked?.inputs ?? inputs, marked), checked?.failures ?? []);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return checkResponse(marked, [{ path: "", reason: error.message }]);
    }
  }

  async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const common = this.#common(request.getUrn());
    const handlers = this.#handlers(common.type);
    const oldInputs = plain(request.getOldInputs());
    const inputs = plain(request.getNews());
    const changed = changes(oldInputs, inputs);
    const state = plain(request.getOlds());
    const question = { ...common, id: request.getId(), inputs, oldInputs, state, changes: changed };
    const response = diffResponse(
      changed.map((change) => ({ ...change, replaces: handlers.replaces?.(change.path, question) ?? false })),
      this.#provider.inputDiff,
    );
    response.setDeletebeforereplace(handlers.deleteBeforeReplace?.(question) ?? false);
    return response;
  }

  async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const marked = fromStruct(request.getProperties());
    const inputs = reveal(marked);
    const common = this.#common(request.getUrn());
    const handlers = this.#handlers(common.type);
    const preview = request.getPreview();
    const response = new provider.CreateResponse();
    if (!this.#online("create", common, preview)) {
      const invented = this.#mode.invents ? this.#provider.invent?.(common, inputs) : undefined;
      response.setId(invented?.id ?? "");
      response.setProperties(toStruct({ ...invented?.state, ...marked }));
      return response;
    }
    const creation = { ...common, inputs, preview, timeoutSeconds: request.getTimeout() };
    const live = await recordPartial(() => handlers.create(creation), marked, marked);
    // An id from a preview would be a known value in the program.
    response.setId(preview ? "" : live.id);
    response.setProperties(toStruct(markLike(live.state, marked)));
    return response;
  }

  async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const markedState = fromStruct(request.getProperties());
    const markedInputs = fromStruct(request.getInputs());
    const common = this.#common(request.getUrn());
    const handlers = this.#handlers(common.type);
    // A resource without any input has a state all the same.
    const imported = Object.keys({ ...markedInputs, ...markedState }).length === 0;
    const response = new provider.ReadResponse();
    if (!common.session.online) {
      if (imported) throw this.#refusal("import", common);
      response.setId(request.getId());
      response.setProperties(request.getProperties());
      response.setInputs(request.getInputs());
      return response;
    }
    const state = imported ? undefined : reveal(markedState);
    const inputs = imported ? undefined : reveal(markedInputs);
    const reading = () => handlers.read({ ...common, id: request.getId(), state, inputs });
    const live = await recordPartial(reading, markedState, markedInputs);
    if (live === undefined) return response;
    response.setId(live.id);
    response.setProperties(toStruct(markLike(live.state, { ...markedInputs, ...markedState })));
    response.setInputs(toStruct(markLike(live.inputs, markedInputs)));
    return response;
  }

  async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const marked = fromStruct(request.getNews());
    const common = this.#common(request.getUrn());
    const handlers = this.#handlers(common.type);
    const preview = request.getPreview();
    const response = new provider.UpdateResponse();
    if (!this.#online("update", common, preview)) {
      response.setProperties(toStruct({ ...fromStruct(request.getOlds()), ...marked }));
      return response;
    }
    const update = {
      ...common,
      id: request.getId(),
      inputs: reveal(marked),
      oldInputs: plain(request.getOldInputs()),
      state: plain(request.getOlds()),
      preview,
      timeoutSeconds: request.getTimeout(),
    };
    const state = await recordPartial(() => handlers.update(update), marked, marked);
    response.setProperties(toStruct(markLike(state, marked)));
    return response;
  }

  async delete(request: rpc.DeleteRequest): Promise<void> {
    const common = this.#common(request.getUrn());
    this.#online("delete", common, false);
    await this.#handlers(common.type).delete({
      ...common,
      id: request.getId(),
      state: plain(request.getProperties()),
      inputs: plain(request.getOldInputs()),
      timeoutSeconds: request.getTimeout(),
    });
  }

  async construct(request: rpc.ConstructRequest): Promise<never> {
    throw new Problem(this.#unsupported(`component ${request.getType()}`));
  }

  /** Whether the stack's resources are real. */
  #serves(stack: string): boolean {
    return stack === SANDBOX && !this.#mode.offline;
  }

  #common(urn: string): Request {
    const { stack, type, name } = parseUrn(urn);
    return { urn, type, name, session: { ...this.#session, stack, online: this.#serves(stack) } };
  }

  #handlers(type: string): Handlers {
    const handlers = this.#provider.resource(type);
    if (handlers === undefined) throw new Problem(this.#unsupported(type));
    return handlers;
  }

  /** @throws Problem when this would change something on another stack than the sandbox's */
  #online(verb: string, request: Request, preview: boolean): boolean {
    if (!request.session.online && !preview) throw this.#refusal(verb, request);
    return request.session.online;
  }

  #refusal(verb: string, { name, session }: Request): Problem {
    const provider = `${this.#provider.name} ${this.#provider.version}`;
    return new Problem(
      `the sandbox's stand-in for ${provider} refuses to ${verb} "${name}" on stack ${session.stack}: it serves the stack ` +
        `${SANDBOX} alone. Use the vendor's plugin: pulumi plugin install resource ${provider}, with the usual PULUMI_HOME`,
    );
  }

  #unsupported(what: string): string {
    const { name, version } = this.#provider;
    return `the sandbox's stand-in for ${name} ${version} does not support ${what}; use what it supports, or the vendor's plugin`;
  }
}

async function recordPartial<T>(run: () => Promise<T>, markedState: Properties, markedInputs: Properties): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InitializationFailed)) throw error;
    const { live } = error;
    const inputs = "inputs" in live ? markLike(live.inputs, markedInputs) : markedInputs;
    throw new PartialFailure(error, markLike(live.state, markedState), inputs);
  }
}

function plain(value: Struct | undefined): Properties {
  return reveal(fromStruct(value));
}

/** `urn:pulumi:<stack>::<project>::<parent's type>$<type>::<name>` */
function parseUrn(urn: string): { stack: string; type: string; name: string } {
  const [stack = "", , types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
