import { deploy } from "./components/deploy.ts";
import { loadServices } from "./services/index.ts";

/** What the enabled services are promised, and what keeps it: the stack's output. */
export const posture = deploy({ services: loadServices() });
