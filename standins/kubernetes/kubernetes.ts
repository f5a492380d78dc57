import { Problem } from "../../cli/common/problem.ts";
import type { Handlers, Provider } from "../provider.ts";
import { Api } from "./api.ts";
import { check, refuseUnsupported } from "./check.ts";
import { checkConfig, kubeConfig, type WriteOptions, writeOptions } from "./config.ts";
import { idOf, type KubernetesObject } from "./objects.ts";
import { read } from "./read.ts";
import { replaces, sameName } from "./replacements.ts";
import { Writer } from "./write.ts";

/** Every kind that the API server serves, custom resources included, by its discovery. */
export function provider(version: string): Provider {
  let options: WriteOptions = writeOptions({}, process.env);
  let cluster: { api: Api; writer: Writer } | undefined;

  const connected = () => {
    if (cluster === undefined) throw new Problem("the kubernetes provider was not configured");
    return cluster;
  };
  const handlers: Handlers = {
    check,
    replaces: (path, request) => replaces(path, request, options),
    deleteBeforeReplace: sameName,
    create: (request) => connected().writer.create(request),
    read: (request) => read(connected().api, request),
    update: (request) => connected().writer.update(request),
    delete: (request) => connected().writer.delete(request),
  };
  return {
    name: "kubernetes",
    version,
    // The vendor compares with the live object what was not removed from the inputs.
    inputDiff: ({ kind }) => kind === "delete",
    checkConfig,
    configure(config, { online }) {
      options = writeOptions(config, process.env);
      if (!online) return;
      const api = new Api(kubeConfig(config));
      cluster = { api, writer: new Writer(api, options) };
    },
    invent: (_request, object) => ({ id: idOf(object as unknown as KubernetesObject), state: {} }),
    resource(type) {
      refuseUnsupported(type);
      return handlers;
    },
  };
}
