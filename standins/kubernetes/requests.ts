import type { Api } from "./api.ts";
import { adoptFields, CREATOR, isAsCreated } from "./fieldManagers.ts";
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
  const created = { ...write, manager: CREATOR };
  return await api.call("POST", await api.path(write.object), { body: write.object, query: query(created) });
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
  // A preview cannot adopt fields first, so here alone it conflicts with changes that were made by kubectl.
  if (write.dryRun) return await apply(api, { ...write, force: write.force || isAsCreated(live) });
  await adoptFields(api, path, write.manager);
  return await apply(api, write);
}

/** A CRD's schema is replaced as a whole: omitted fields are removed, also those of other managers. */
async function put(api: Api, path: string, write: Write, live: KubernetesObject): Promise<KubernetesObject> {
  const metadata = { ...write.object.metadata, resourceVersion: live.metadata.resourceVersion };
  return await api.call("PUT", path, { body: { ...write.object, metadata }, query: query(write) });
}

/** Unknown fields are a warning that no one sees, as with the vendor: the API server drops them. */
function query({ manager, dryRun }: Write): Record<string, string | undefined> {
  return { fieldManager: manager, fieldValidation: "Warn", dryRun: dryRun ? "All" : undefined };
}
