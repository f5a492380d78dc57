import { deploy } from "./components/deploy.ts";
import { loadServices } from "./services/index.ts";

/** The promises of the enabled services, and what keeps them: the stack's output. */
export const posture = deploy({ services: loadServices() });
