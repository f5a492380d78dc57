import assert from "node:assert/strict";
import { rules } from "../../components/alerting/rules.ts";
import { jobAlerts } from "../../domain/jobs/jobAlerts.ts";
import type { AlertRule } from "../../domain/prometheus/rules.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal } from "./refusal.ts";
import { registered } from "./resources.ts";

const environment = environmentOf("prod");
const metadata = { name: "orders-backup", namespace: "shop", labels: {} };
const [alert] = jobAlerts({
  service: "shop",
  namespace: "shop",
  job: "orders-backup",
  staleAfter: 90_900,
  severity: "critical",
  environment,
}) as [AlertRule];

const declare = (rule: AlertRule) =>
  rules("orders", { environment, metadata, groups: [{ name: "orders", rules: [rule] }] }, {});

describe("rules", () => {
  it("are created where each says what its reader needs", async () => {
    const types = (await registered(() => declare(alert))).map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type.startsWith("kubernetes:")),
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
    );
  });

  it("are refused before anything is created where one does not", async () => {
    const silent = { ...alert, annotations: { ...alert.annotations, summary: "" } };
    const { faults, made } = await refusal(() => declare(silent));
    assert.deepEqual(
      faults.map(({ path }) => path),
      ["groups[0].rules[MaintenanceJobStale].annotations.summary"],
    );
    assert.deepEqual(made, []);
  });
});
