/** Exports configuration without Secrets: see exporting.ts. */
import { exportConfiguration } from "./exporting.ts";

exportConfiguration();
