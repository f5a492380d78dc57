import { writeFileSync } from "node:fs";
import { PAGE, page } from "./page.ts";
import { rooms } from "./rooms.ts";

writeFileSync(PAGE, await page(rooms));
