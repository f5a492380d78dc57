import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "./settings.ts";

/** The sandbox's cluster, as its administrator. */
export function cluster({ directory }: Settings): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(join(directory, "kubeconfig"));
  return config;
}
