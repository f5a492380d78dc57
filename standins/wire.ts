import * as grpc from "@grpc/grpc-js";
import type * as providerTypes from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { type Change, formatPath } from "./changes.ts";
import type { Failure, InitializationFailed } from "./provider.ts";
import type { Properties } from "./values.ts";

/** Numbers of `pulumirpc.PropertyDiff.Kind`, without and with replacement. */
const KINDS = { add: [0, 1], delete: [2, 3], update: [4, 5] } as const;

export function fromStruct(value: Struct | undefined): Properties {
  return (value?.toJavaScript() ?? {}) as Properties;
}

export function toStruct(value: Properties): Struct {
  // Through JSON: a Struct knows neither undefined nor Date, both of which clients of APIs return.
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
}

/**
 * A failure's path goes into its reason: given as its property, the engine prints that input as it is, secret or not.
 */
export function checkResponse(inputs: Properties, failures: Failure[]): providerTypes.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(inputs));
  for (const { path, reason } of failures) {
    const failure = new provider.CheckFailure();
    failure.setReason(path ? `${path}: ${reason}` : reason);
    response.addFailures(failure);
  }
  return response;
}

/** @param inputDiff of which changes it says that inputs are compared, not a state */
export function diffResponse(
  changes: (Change & { replaces: boolean })[],
  inputDiff: (change: Change) => boolean = () => true,
): providerTypes.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  response.setDiffsList(topLevel(changes));
  response.setReplacesList(topLevel(changes.filter((change) => change.replaces)));
  for (const change of changes) {
    const diff = new provider.PropertyDiff();
    diff.setKind(KINDS[change.kind][change.replaces ? 1 : 0]);
    diff.setInputdiff(inputDiff(change));
    response.getDetaileddiffMap().set(formatPath(change.path), diff);
  }
  return response;
}

function topLevel(changes: Change[]): string[] {
  return [...new Set(changes.map(({ path }) => String(path[0])))];
}

/** A resource that exists but did not become ready, in the form that Go's gRPC reads: Node's has none for details. */
export class PartialFailure extends Error {
  readonly metadata = new grpc.Metadata();

  constructor(error: InitializationFailed, state: Properties, inputs: Properties) {
    super(error.message);
    const detail = new provider.ErrorResourceInitFailed();
    detail.setId(error.live.id);
    detail.setProperties(toStruct(state));
    detail.setInputs(toStruct(inputs));
    detail.setReasonsList(error.reasons);
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statuses.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(error.message);
    status.addDetails(packed);
    this.metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
}
