import type { Service } from "../../domain/declaration/service.ts";
import { jsMcp } from "../../services/js-mcp.ts";
import { langObservatory } from "../../services/lang-observatory.ts";
import { mplp } from "../../services/mplp.ts";
import { tapio } from "../../services/tapio.ts";
import { taskMcp } from "../../services/task-mcp.ts";

/** The five guides' services by name: services/ may hold others, which these tests leave alone. */
export const guides: Service[] = [jsMcp, langObservatory, mplp, tapio, taskMcp];
