import { shapeFaults } from "../../../domain/declaration/parse.ts";
import { set } from "../../policies/set.ts";
import { shop } from "../../support/shop.ts";
import type { Example, Room } from "../room.ts";

/** Of the shop with one value changed, undefined removing. */
const changed = (code: string, path: string, value?: unknown): Example => ({
  code,
  // No object is in it twice, as one is that a constructor fills in.
  faults: () => shapeFaults(set(JSON.parse(JSON.stringify(shop)) as object, path, value)),
});
const refused = (path: string, value: unknown): Example => changed("not-allowed", path, value);

const configuration = shop.datastores.findIndex(({ kind }) => kind === "configuration");
const encrypted = (recipient: string): Example => refused(`datastores.${configuration}.secrets`, { recipient });
const guided = (value: unknown) => ({ value, assumed: false });

export const room: Room = {
  title: "Declarations (domain/declaration)",
  sources: ["domain/declaration/**/*.ts", "domain/values/schema*.ts"],
  examples: [
    changed("unknown-key", "ownr", { team: "shop-operations" }),
    changed("unknown-key", "backups.0.retention", "30d"),
    changed("missing", "owner"),
    changed("missing", "objectives.recoveryPoint"),
    changed("missing", "datastores"),
    { code: "missing", faults: () => shapeFaults(undefined) },
    { code: "not-allowed", faults: () => shapeFaults("shop") },
    refused("namespace", "Shop_Production"),
    refused("objectives.recoveryPoint", guided("a day")),
    refused("objectives.recoveryPoint", "26h"),
    refused("objectives.latency.0.severity", "critcal"),
    refused("datastores.0.kind", "postgresql"),
    refused("datastores.0.port", 70_000),
    refused("datastores.0.credentials", "correct-horse-battery-staple"),
    refused(`datastores.${configuration}.objects.0`, "Secret"),
    encrypted("AGE-SECRET-KEY-1QQQ"),
    encrypted("age1pq1qqqq"),
    encrypted("age1qqqqqqqq"),
    refused("backups.0.keep", {}),
    refused("backups.0.accepts", "yesterday"),
    refused("backups.0.drill.freshness", "DELETE FROM orders"),
    refused("endpoints.0.urls", []),
    refused("endpoints.0.urls.0", "https://shop:correct-horse@shop.example.com"),
    refused("indicators.duration", 'http_seconds{job="api"}'),
    refused("indicators.requests.failed", "status=5.."),
    refused("alerts.0.expr", "up == 0"),
    refused("alerts.0.expr", "max(disk_used{$scope} > 90"),
    refused("alerts.0.summary", ""),
    refused("windows.0.timeZone", "Europe/berlin"),
  ],
};
