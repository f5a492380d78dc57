import type { KubernetesObject } from "@kubernetes/client-node";

/** What the objects of the guides' services are made from. */
export interface World {
  /** A password that is generated once per sandbox. */
  password(of: string): string;
  /** The text of a file of `data/`. */
  data(file: string): string;
  /** A claim, and the folder of the sandbox behind it. */
  volume(volume: FolderClaim): KubernetesObject[];
  /** The Secrets with which jobs of a namespace upload, as the guides name it, and restore. */
  backupCredentials(namespace: string): KubernetesObject[];
}

/** A claim that is bound to a folder: its data outlives pods, and ends with the sandbox. */
export interface FolderClaim {
  namespace: string;
  claim: string;
  /** What the claim says; a folder has no limit. */
  size: string;
  /** The numeric user that owns the folder. */
  owner: number;
  /** What is in it from the start. */
  files?: Record<string, string>;
}
