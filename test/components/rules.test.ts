import assert from "node:assert/strict";
import { rules } from "../../components/alerting/rules.ts";
import { jobAlerts } from "../../domain/jobs/jobAlerts.ts";
import type { AlertRule } from "../../domain/prometheus/rules.ts";
import { environmentOf } from "../support/environment.ts";
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

/** Types that are registered for a group of one alert, and why it was refused. */
async function declare(rule: AlertRule): Promise<{ types: string[]; refusal: string }> {
  let refusal = "";
  const resources = await registered(() => {
    try {
      rules("orders", { environment, metadata, groups: [{ name: "orders", rules: [rule] }] }, {});
    } catch (error) {
      refusal = (error as Error).message;
    }
  });
  return { types: resources.map(({ type }) => type).filter((type) => type.startsWith("kubernetes:")), refusal };
}

describe("rules", () => {
  it("are created where each says what its reader needs", async () => {
    assert.deepEqual(await declare(alert), {
      types: ["kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
      refusal: "",
    });
  });

  it("are refused before anything is created where one does not", async () => {
    const { types, refusal } = await declare({ ...alert, annotations: { ...alert.annotations, summary: "" } });
    assert.deepEqual(types, []);
    assert.equal(
      refusal,
      `rules "orders-backup" cannot be deployed:
- groups[0].rules[MaintenanceJobStale].annotations.summary is missing; allowed: a sentence. Fix: say in one line what is wrong`,
    );
  });
});
