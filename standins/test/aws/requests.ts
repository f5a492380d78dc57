import assert from "node:assert/strict";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { type Api, clientsOf } from "../../aws/api.ts";
import { withoutRegion } from "../../aws/handlers.ts";
import { kinds } from "../../aws/kinds.ts";
import type { AwsRequest, Client } from "../../aws/request.ts";
import type { Properties } from "../../values.ts";

/** Calls `see` with each request of a client before it is sent. What `see` returns is the answer, and nothing is sent. */
export function watch(client: Client, see: (request: AwsRequest) => object | undefined): void {
  client.middlewareStack.add(
    (next, { clientName = "", commandName = "" }) =>
      async (args) => {
        const answer = see({
          service: clientName.replace("Client", "").toLowerCase() as AwsRequest["service"],
          operation: commandName.replace("Command", ""),
          input: args.input,
        });
        return answer ? { output: { $metadata: {}, ...answer }, response: {} } : next(args);
      },
    { step: "initialize", name: "watch" },
  );
}

/** Answers that the requests after them are made of; all others are empty. */
const answers: Record<string, object> = {
  CreateKey: { KeyMetadata: { KeyId: "11111111-1111-1111-1111-111111111111" } },
};

/**
 * The requests with which the stand-in makes a resource, none of which is sent.
 *
 * @param inputs as checked by the stand-in: with its defaults, and UNKNOWN for what is not known yet
 */
export async function requestsOf(type: string, inputs: Properties): Promise<AwsRequest[]> {
  const kind = kinds.find((kind) => kind.type === type);
  assert.ok(kind, `the stand-in has no requests for ${type}`);
  const own = withoutRegion(inputs);
  if (kind.request) return [kind.request(own)];
  const requests: AwsRequest[] = [];
  const api = silentApi(String(inputs.region ?? "eu-central-1"), (request) => {
    requests.push(request);
    return answers[request.operation] ?? {};
  });
  const id = await kind.create(api, own);
  await kind.complete?.(api, id, own);
  return requests;
}

function silentApi(region: string, see: (request: AwsRequest) => object): Api {
  const options = { region, credentials: { accessKeyId: "none", secretAccessKey: "none" } };
  const s3 = () => new S3Client(options);
  const iam = new IAMClient(options);
  const [kms, sts] = [new KMSClient(options), new STSClient(options)];
  const api: Api = { region, s3: s3(), settings: s3(), kms, iam, sts, isSilent: true };
  for (const client of clientsOf(api)) watch(client, see);
  return api;
}
