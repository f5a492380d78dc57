import { judge } from "./judge.ts";
import { describePlays } from "./play.ts";
import { table } from "./table.ts";

/** Rows to play, by an expression that their names match, for work on a single row. Default: all. */
const only = new RegExp(process.env.FAULTS ?? "");

describePlays(
  "a backup in which something goes wrong",
  ["postgres", "redis", "configuration"],
  table
    .filter(({ name }) => only.test(name))
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
