import type { Service } from "../domain/declaration/service.ts";
import { type Shape, shaped } from "../domain/values/shape.ts";

const sourced = { value: "text" } as const;
const drilled = { undrilled: "text", drill: { schedule: sourced, every: sourced } } as const;

const shape = {
  service: {
    datastores: [{ name: "text", kind: "text", unprotected: "text", continuous: drilled }],
    backups: [{ datastore: "text", job: "text", ...drilled }],
  },
} as const satisfies Shape;

/** The declaration in a MaintainedService's arguments. */
export function declaredService(props: Record<string, unknown>): Partial<Service> {
  return shaped<{ service?: Partial<Service> }>(props, shape).service ?? {};
}
