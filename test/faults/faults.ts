import { judge } from "./judge.ts";
import { describePlays } from "./play.ts";
import { table } from "./table.ts";

/** Rows to play, by a part of their name; all where left out. For whoever works on one. */
const only = process.env.FAULTS ?? "";

describePlays(
  "a backup in which something goes wrong",
  ["postgres", "redis", "configuration"],
  table
    .filter(({ name }) => name.includes(only))
    .map((row) => {
      const outcome =
        row.ends === "complete"
          ? `publishes ${row.published}`
          : `fails${row.message ? ", says why," : ""} and publishes ${row.published || "nothing"}`;
      return {
        title: `${row.backup}: ${row.name}: ${outcome}; what is published restores`,
        play: (stage) => judge(stage, row),
      };
    }),
);
