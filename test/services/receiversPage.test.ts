import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Receiver, receiver } from "../../domain/environment/receivers.ts";
import { fallbackIn, operatorSince, pagersIn } from "../../domain/routing/channels.ts";
import { routeFaults } from "../../domain/routing/routeFaults.ts";
import { channels, isPager } from "../../domain/values/severity.ts";
import { environmentOf } from "../support/environment.ts";
import { shopWith } from "../support/shop.ts";

const page = readFileSync("docs/receivers.md", "utf8");

describe("the page on receivers", () => {
  it("has each channel, whether it pages, and since when an AlertmanagerConfig has it", () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (yes|no) \| ([\d.]+) \|$/gm)].map(([, ...row]) => row);
    assert.deepEqual(
      rows,
      channels.map((channel) => [channel, isPager(channel) ? "yes" : "no", operatorSince(channel)]),
    );
  });

  it("has an example that is a whole receiver", () => {
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { "upkeep:alerting": alerting } = parse(yaml) as { "upkeep:alerting": { receivers: { default: Receiver } } };
    const environment = environmentOf("prod", { alerting });
    const service = shopWith({
      notify: { critical: ["pagerduty", "teams"], warning: ["teams"], info: ["email"] },
      windows: [],
    });
    assert.deepEqual(routeFaults(environment, [service]), []);
    const parsed = receiver.parse(alerting.receivers.default);
    assert.deepEqual([pagersIn(parsed), fallbackIn(parsed)], [["opsgenie"], "teams"]);
  });
});
