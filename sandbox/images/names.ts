import { images } from "../../domain/kubernetes/images.ts";

/** The registry of the sandbox's environment; a name that no resolver ever answers. */
export const REGISTRY = "sandbox.upkeep.invalid";

/** Full names of the sandbox's images. Those that the program's jobs run are named as the program names them. */
export const imageNames = {
  ...images(REGISTRY),
  curl: `${REGISTRY}/curlimages/curl:8.14.1`,
  /** Tagged with the version that Debian has. */
  alertmanager: `${REGISTRY}/prom/alertmanager:v0.28.1`,
  /** Holds the namespaces of every pod. */
  pause: `${REGISTRY}/pause:1`,
};
