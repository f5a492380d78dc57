import { enabledServices } from "../../../domain/environment/enabled.ts";
import { parseEnvironment, stackEnvironment } from "../../../domain/environment/environment.ts";
import { featureFaults } from "../../../domain/environment/features.ts";
import { rejectUnknownDifferences } from "../../../domain/environment/inEnvironment.ts";
import { set } from "../../policies/set.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { refusal } from "../../support/refused.ts";
import { shop } from "../../support/shop.ts";
import type { Example, Room } from "../room.ts";

/** Of the production stack's settings with one changed, undefined removing. */
const changed = (code: string, path: string, value?: unknown): Example => ({
  code,
  faults: () => refusal(() => parseEnvironment("prod", set(settingsOf("prod"), path, value))),
});
const prefixed = Object.fromEntries(Object.entries(settingsOf("prod")).map(([key, value]) => [`upkeep:${key}`, value]));
const differing = (differs: Record<string, unknown>): Example => ({
  code: "stray-difference",
  faults: () => refusal(() => rejectUnknownDifferences(environmentOf("prod", { differs }), [shop])),
});
const { features } = environmentOf("prod");

export const room: Room = {
  title: "Settings of a stack (domain/environment)",
  sources: ["domain/environment/**/*.ts", "domain/values/schema*.ts"],
  examples: [
    changed("unknown-key", "monitorng", {}),
    changed("unknown-key", "aws.regoin", "eu-central-1"),
    {
      code: "unknown-key",
      faults: () => refusal(() => stackEnvironment("prod", { ...prefixed, "upkep:services": ["shop"] })),
    },
    changed("missing", "services"),
    changed("missing", "aws.account"),
    changed("missing", "monitoring.alertmanagers"),
    changed("not-allowed", "aws.account", 111_111_111_111),
    changed("not-allowed", "alerting.owner", "uphold"),
    changed("not-allowed", "features.metricsServer", "yes"),
    changed("not-allowed", "backups.identity", { role: "upkeep" }),
    changed("not-allowed", "jobs", { labels: { "upkeep/job": "mine" } }),
    changed("not-allowed", "jobs", { tolerations: [{ operator: "Equal", value: "database" }] }),
    changed("unknown-key", "jobs", { nodeSelectors: { pool: "database" } }),
    changed("not-allowed", "dns", { network: ["169.254.20.10"] }),
    changed("not-allowed", "backups.egress", [{ cidr: "10.0.0.0", port: 443 }]),
    { code: "unknown-service", faults: () => refusal(() => enabledServices([shop], ["shopp"])) },
    {
      code: "missing-feature",
      faults: () => featureFaults(environmentOf("prod", { features: { ...features, kubeStateMetrics: false } })),
    },
    differing({ namespaces: { "shop-production": "shop" } }),
    differing({ sizes: { "shop/order": "2Gi" } }),
  ],
};
