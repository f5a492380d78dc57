import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { Problem } from "../../cli/common/problem.ts";
import type { Provider } from "../provider.ts";
import { type Api, connect } from "./api.ts";
import { type Configuration, checkConfiguration, readConfiguration } from "./configuration.ts";
import { handlersOf } from "./handlers.ts";
import { inventedResource } from "./invented.ts";
import { kinds } from "./kinds.ts";
import { partitionOf } from "./partition.ts";
import type { Client } from "./request.ts";

/**
 * The stand-in for the vendor's aws plugin.
 *
 * @param prepare is given each API client before its first request
 */
export function awsProvider(prepare?: (client: Client) => void): Provider {
  let configuration: Configuration = { s3UsePathStyle: false };
  let api: Api | undefined;

  const connected = (): Api => {
    if (api === undefined) throw new Problem("the aws provider is not configured");
    return api;
  };
  const surroundings = {
    api: connected,
    region: () => api?.region ?? configuration.region,
    defaultTags: () => configuration.defaultTags?.tags ?? {},
  };
  const handlers = new Map(kinds.map((kind) => [kind.type, handlersOf(kind, surroundings)]));

  return {
    name: "aws",
    version: "7.48.0",
    resource: (type) => handlers.get(type),
    checkConfig: checkConfiguration,
    configure: async (config, session) => {
      configuration = readConfiguration(config);
      if (session.online) api = await connect(configuration, session, prepare);
    },
    invent: ({ type, urn }, inputs) => inventedResource(type, urn, inputs, configuration),
    invoke: async (token, _args, session) => {
      if (token === "aws:index/getPartition:getPartition") return partition(configuration.region ?? "us-east-1");
      if (token !== "aws:index/getCallerIdentity:getCallerIdentity") return undefined;
      if (!session.online) throw new Problem(`${token} asks AWS who calls: on stack ${session.stack} nothing is asked`);
      const { Account, Arn, UserId } = await connected().sts.send(new GetCallerIdentityCommand({}));
      return { id: Account, accountId: Account, arn: Arn, userId: UserId };
    },
  };
}

function partition(region: string) {
  const { name, domain } = partitionOf(region);
  return { id: name, partition: name, dnsSuffix: domain, reverseDnsPrefix: domain.split(".").reverse().join(".") };
}
