import { deploy } from "upkeep";
import { shop } from "./services/shop";

/** What the enabled services are promised, and what keeps it: the stack's output. */
export const posture = deploy({ services: [shop] });
