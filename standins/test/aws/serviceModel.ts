import { globSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from "ajv";
import { toolFolder } from "../../../sandbox/tools/link.ts";
import type { AwsRequest } from "../../aws/request.ts";
import { UNKNOWN } from "../../values.ts";

/** A type of botocore's models: https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/service_shapes.html */
interface Shape {
  type: string;
  members?: Record<string, Reference>;
  required?: string[];
  /** Of a list. */
  member?: Reference;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
}

interface Reference {
  shape: string;
}

interface Model {
  operations: Record<string, { input?: Reference }>;
  shapes: Record<string, Shape>;
}

const ajv = new Ajv({ allErrors: true, verbose: true, validateSchema: false });

/**
 * Judges a request by AWS's own description of the service, which botocore ships: names of members, required ones, types, enums,
 * patterns, lengths and ranges. What is UNKNOWN passes. botocore's own validator knows no enum, pattern or greatest length, so ajv
 * judges by the same description as a JSON schema. The tool `aws` must be built.
 *
 * @returns what the service would refuse; empty when it would accept the request
 */
export function judge({ service, operation, input }: AwsRequest): string[] {
  const validate = inputOf(service, operation);
  if (validate === undefined) return [`${service} ${operation}: there is no such operation`];
  // As it is sent: without what is undefined.
  validate(JSON.parse(JSON.stringify(input)));
  const faults = (validate.errors ?? []).filter(({ data }) => data !== UNKNOWN);
  return faults.map((fault) => `${service} ${operation}: ${explain(fault)}`);
}

const models = new Map<string, Model>();
const inputs = new Map<string, ValidateFunction>();

/** What judges the input of an operation; undefined when the service has no such operation. */
function inputOf(service: string, operation: string): ValidateFunction | undefined {
  const model = models.get(service) ?? readModel(service);
  models.set(service, model);
  const call = `${service} ${operation}`;
  const validate = inputs.get(call) ?? compile(model, operation);
  if (validate) inputs.set(call, validate);
  return validate;
}

function compile({ operations, shapes }: Model, operation: string): ValidateFunction | undefined {
  if (!operations[operation]) return undefined;
  const { input } = operations[operation];
  if (!input) return ajv.compile({ type: "object", additionalProperties: false });
  // Of some hundred types, those that this input has.
  const $defs: Record<string, SchemaObject> = {};
  const define = ({ shape: name }: Reference): void => {
    const shape = shapes[name];
    if ($defs[name] || !shape) return;
    $defs[name] = schemaOf(shape);
    for (const part of [...Object.values(shape.members ?? {}), shape.member]) if (part) define(part);
  };
  define(input);
  return ajv.compile({ $defs, ...referTo(input) });
}

function readModel(service: string): Model {
  const environment = dirname(dirname(realpathSync(join(toolFolder, "aws"))));
  const pattern = join(environment, "lib/python3*/site-packages/botocore/data", service, "*/service-2.json.gz");
  // A service's folders are its versions, of which the last is the one that is called.
  const file = globSync(pattern).sort().at(-1);
  if (file === undefined) throw new Error(`botocore has no model of ${service}: no file is ${pattern}`);
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

function schemaOf({ type, ...shape }: Shape): SchemaObject {
  switch (type) {
    case "structure":
      return {
        type: "object",
        properties: mapValues(shape.members ?? {}, referTo),
        required: shape.required ?? [],
        additionalProperties: false,
      };
    case "list":
      return defined({
        type: "array",
        items: shape.member && referTo(shape.member),
        minItems: shape.min,
        maxItems: shape.max,
      });
    case "string":
      return defined({
        type: "string",
        enum: shape.enum,
        // The whole string must match, though the models rarely say so.
        pattern: shape.pattern && `^(?:${shape.pattern})$`,
        minLength: shape.min,
        maxLength: shape.max,
      });
    case "integer":
    case "long":
      return defined({ type: "integer", minimum: shape.min, maximum: shape.max });
    case "boolean":
      return { type: "boolean" };
    default:
      // Maps, timestamps, bytes and decimal numbers: no request here has one, so none passes unjudged.
      return { not: {} };
  }
}

function referTo({ shape }: Reference): { $ref: string } {
  return { $ref: `#/$defs/${shape}` };
}

function defined(schema: Record<string, unknown>): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}

function mapValues<In, Out>(values: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** "/RoleName must NOT have more than 64 characters; got "…"". */
function explain({ keyword, instancePath, params, message, data }: ErrorObject): string {
  const where = instancePath || "the request";
  if (keyword === "additionalProperties") return `${where} has no member ${params.additionalProperty}`;
  const allowed = keyword === "enum" ? `: ${params.allowedValues.join(", ")}` : "";
  const got = typeof data === "object" ? "" : `; got ${JSON.stringify(data)}`;
  return `${where} ${message}${allowed}${got}`;
}
