import type { Api } from "./api.ts";
import { adoptFields, onlyAdopted } from "./fieldManagers.ts";
import { annotation, type KubernetesObject } from "./objects.ts";

/** How one object is sent to the API server. */
export interface Write {
  object: KubernetesObject;
  manager: string;
  /** Whether the server only computes the result. */
  dryRun: boolean;
  /** Take over the fields of other managers. */
  force: boolean;
}

/** By POST: an object that exists is an error. */
export async function post(api: Api, write: Write): Promise<KubernetesObject> {
  return await api.call("POST", await api.path(write.object), { body: write.object, query: query(write) });
}

/** Server-side apply: creates the object, or merges it into the one that exists. */
export async function apply(api: Api, write: Write): Promise<KubernetesObject> {
  const { object } = write;
  const force = write.force || annotation(object, "pulumi.com/patchForce") === "true";
  return await api.call("PATCH", await api.path(object, object.metadata.name), {
    body: object,
    query: { ...query(write), force: String(force) },
    contentType: "application/apply-patch+yaml",
  });
}

/** Brings an object that exists to what is declared. */
export async function update(api: Api, write: Write): Promise<KubernetesObject> {
  const path = await api.path(write.object, write.object.metadata.name);
  const live = await api.call("GET", path);
  if (write.object.kind === "CustomResourceDefinition") return await put(api, path, write, live);
  if (write.dryRun) return await applyDry(api, write);
  await adoptFields(api, path, write.manager);
  return await apply(api, write);
}

/** A preview may not adopt fields first, so it looks past the conflicts that adopting them will solve. */
async function applyDry(api: Api, write: Write): Promise<KubernetesObject> {
  try {
    return await apply(api, write);
  } catch (error) {
    if (onlyAdopted(error)) return await apply(api, { ...write, force: true });
    throw error;
  }
}

/** A CRD's schema is replaced as a whole: omitted fields are removed, also those of other managers. */
async function put(api: Api, path: string, write: Write, live: KubernetesObject): Promise<KubernetesObject> {
  const metadata = { ...write.object.metadata, resourceVersion: live.metadata.resourceVersion };
  return await api.call("PUT", path, { body: { ...write.object, metadata }, query: query(write) });
}

function query({ manager, dryRun }: Write): Record<string, string | undefined> {
  return { fieldManager: manager, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
}
