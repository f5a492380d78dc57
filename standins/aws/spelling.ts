import { isObject, type Properties } from "../values.ts";

/** The vendor's names that are not the API's with a small first letter. */
const exceptions: Record<string, string> = {
  id: "ID",
  sseAlgorithm: "SSEAlgorithm",
  kmsMasterKeyId: "KMSMasterKeyID",
  replicaKmsKeyId: "ReplicaKmsKeyID",
};
const exceptionsBack = Object.fromEntries(Object.entries(exceptions).map(([vendor, api]) => [api, vendor]));

/** `{ daysAfterInitiation: 7 }` as the API spells it: `{ DaysAfterInitiation: 7 }`. A map of tags becomes a list. */
export function toApi<T>(value: unknown): T {
  return rename(
    value,
    (key) => exceptions[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
    "tags",
    (tags) => tagList(tags as Record<string, string>),
  ) as T;
}

export function fromApi<T = Properties>(value: unknown): T {
  return rename(
    value,
    (key) => exceptionsBack[key] ?? key.charAt(0).toLowerCase() + key.slice(1),
    "Tags",
    (tags) => tagMap(tags as Tag[]),
  ) as T;
}

export interface Tag {
  Key: string | undefined;
  Value: string | undefined;
}

export function tagList(tags: Record<string, string> | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** undefined for no tags: the same as a program that sets none. */
export function tagMap(tags: Tag[] | undefined): Record<string, string> | undefined {
  if (tags === undefined || tags.length === 0) return undefined;
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

function rename(
  value: unknown,
  spell: (key: string) => string,
  tagsKey: string,
  tags: (value: unknown) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, spell, tagsKey, tags));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]) => [spell(key), key === tagsKey ? tags(item) : rename(item, spell, tagsKey, tags)]),
  );
}
