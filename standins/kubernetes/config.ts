import { existsSync, readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { Problem } from "../../cli/common/problem.ts";
import type { Checked } from "../provider.ts";
import { type Properties, secret } from "../values.ts";

/** Arguments that the stand-in supports, or may ignore because they do not affect it. */
const SUPPORTED = [
  "kubeconfig",
  "context",
  "upsertExistingObjects",
  "enablePatchForce",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "enableServerSideApply",
  "clusterIdentifier",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
  "version",
];

/** What a provider's arguments say about how objects are written. */
export interface WriteOptions {
  /** Adopt an object that exists already instead of failing. */
  upsert: boolean;
  /** Take over fields that other managers own, on every object. */
  force: boolean;
  /** Update the data of ConfigMaps in place; the vendor's default is to replace the object. */
  mutableConfigMaps: boolean;
  mutableSecrets: boolean;
}

export function checkConfig(config: Properties): Checked {
  const given = Object.keys(config).filter((name) => config[name] !== undefined);
  const failures = given
    .filter((name) => !SUPPORTED.includes(name))
    .map((name) => ({
      path: name,
      reason: `the sandbox's stand-in for kubernetes does not support this argument; it supports ${SUPPORTED.join(", ")}`,
    }));
  if (config.enableServerSideApply === "false") {
    failures.push({
      path: "enableServerSideApply",
      reason: "is false; the sandbox's stand-in always applies server-side",
    });
  }
  const { kubeconfig } = config;
  return { inputs: kubeconfig === undefined ? config : { ...config, kubeconfig: secret(kubeconfig) }, failures };
}

/** @param environment the plugin's own: the vendor reads the same variables where an argument is not set */
export function writeOptions(config: Properties, environment: NodeJS.ProcessEnv): WriteOptions {
  const flag = (name: string, variable: string) => (config[name] ?? environment[variable]) === "true";
  return {
    upsert: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    force: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    mutableConfigMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    mutableSecrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
  };
}

/**
 * @param config `kubeconfig` as the vendor takes it, a file's path or its contents, and `context`
 * @throws Problem when it is missing, not a kubeconfig, or has no such context
 */
export function kubeConfig(config: Properties): KubeConfig {
  const { kubeconfig, context } = config;
  if (typeof kubeconfig !== "string" || kubeconfig === "") {
    throw new Problem(
      "the kubernetes provider has no kubeconfig; the sandbox's stand-in never takes the one in your home folder. " +
        "Give the provider `kubeconfig`: .sandbox/kubeconfig, which `make up` writes",
    );
  }
  const loaded = new KubeConfig();
  try {
    loaded.loadFromString(existsSync(kubeconfig) ? readFileSync(kubeconfig, "utf8") : kubeconfig);
  } catch {
    throw new Problem("the kubernetes provider's kubeconfig is neither a file that exists nor a kubeconfig's contents");
  }
  if (context !== undefined) {
    const names = loaded.getContexts().map(({ name }) => name);
    if (!names.includes(String(context))) {
      throw new Problem(`the kubeconfig has no context "${context}"; it has ${names.join(", ") || "none"}`);
    }
    loaded.setCurrentContext(String(context));
  }
  if (!loaded.getCurrentCluster()) throw new Problem("the kubeconfig names no cluster in its current context");
  return loaded;
}
