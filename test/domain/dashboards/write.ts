import { writeFileSync } from "node:fs";
import { RECORD, recorded } from "./record.ts";

writeFileSync(RECORD, recorded());
