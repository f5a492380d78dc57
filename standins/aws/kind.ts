import type { z } from "zod";
import type { Properties } from "../values.ts";
import type { Api } from "./api.ts";
import type { AwsRequest } from "./request.ts";

/** One resource type of the vendor's, as far as the stand-in supports it: a row of the table in kinds.ts. */
export interface Kind<Schema extends z.ZodObject = z.ZodObject> {
  /** The vendor's token: "aws:s3/bucket:Bucket". */
  type: string;
  /** The arguments that are supported, with the vendor's defaults. A strict object: all others are refused by their path. */
  inputs: Schema;
  /** Arguments that only a new resource can change. */
  replaceOn: string[];
  /** The argument that names it for AWS: while it stays the same, the old resource has to go before the new one comes. */
  name?: string;
  /** Outputs that the API decides, so unknown in the preview of a create. */
  computed: string[];
  /** Arguments that no API keeps, with what they are after an import. */
  local?: Properties;
  /**
   * Says a new value as the old one where both mean the same (a policy's spelling, the order of rules), so that it is no
   * change.
   */
  respell?: Record<string, (before: unknown, value: unknown) => unknown>;
  /** The arguments that were set, given the state that was read. Default: all. */
  declared?(state: Properties, before: Properties | undefined): Properties;

  /** The vendor's plugin's call, of a type that no server of the sandbox has. */
  request?(inputs: z.infer<Schema>): AwsRequest;
  /** The one call after which it exists. @returns its id */
  create(api: Api, inputs: z.infer<Schema>): Promise<string>;
  /** What the call left to do. When it fails, the resource is recorded as incomplete. */
  complete?(api: Api, id: string, inputs: z.infer<Schema>): Promise<void>;
  /** Arguments and outputs as the API has them; undefined when there is no such resource. */
  read(api: Api, id: string): Promise<Properties | undefined>;
  update?(api: Api, id: string, inputs: z.infer<Schema>, before: z.infer<Schema>): Promise<void>;
  delete(api: Api, id: string, inputs: z.infer<Schema>): Promise<void>;
}
