import { Problem } from "../../problem.ts";
import type { Handlers, Provider } from "../provider.ts";
import { Api } from "./api.ts";
import { check, refuseUnsupported } from "./check.ts";
import { checkConfig, kubeConfig, type WriteOptions, writeOptions } from "./config.ts";
import { read } from "./read.ts";
import { replaces, sameName } from "./replacements.ts";
import { Writer } from "./write.ts";

/** Every kind that the API server serves, custom resources included, by its discovery. */
export function provider(version: string): Provider {
  let options: WriteOptions = writeOptions({}, process.env);
  let api: Api | undefined;

  const connected = (): Api => {
    if (api === undefined) throw new Problem("the kubernetes provider was not configured");
    return api;
  };
  const handlers: Handlers = {
    check,
    replaces: (path, request) => replaces(path, request, options),
    deleteBeforeReplace: sameName,
    create: (request) => new Writer(connected(), options).create(request),
    read: (request) => read(connected(), request),
    update: (request) => new Writer(connected(), options).update(request),
    delete: (request) => new Writer(connected(), options).delete(request),
  };
  return {
    name: "kubernetes",
    version,
    checkConfig,
    configure(config, { online }) {
      options = writeOptions(config, process.env);
      if (online) api = new Api(kubeConfig(config));
    },
    resource(type) {
      refuseUnsupported(type);
      return handlers;
    },
  };
}
