/** Restores configuration without Secrets: see restoring.ts. */
import { restoreConfiguration } from "./restoring.ts";

restoreConfiguration();
