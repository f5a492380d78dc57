import { describeKills } from "../recovery/kills.ts";

describeKills(20);
