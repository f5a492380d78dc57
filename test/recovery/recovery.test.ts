import { describeKills } from "./kills.ts";

// Each takes more than a minute: the nightly run has more.
describeKills(3);
