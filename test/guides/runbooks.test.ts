import assert from "node:assert/strict";
import { declaredServices } from "../../services/index.ts";
import { engineAlerts } from "../domain/alerting/engineAlerts.ts";
import { runbooks } from "../support/runbooks.ts";
import { guides } from "./guides.ts";

const named = (services: typeof guides) => services.flatMap(({ alerts }) => alerts.map(({ name }) => name));

describe("the runbooks of the guides' own alerts", () => {
  it("are each there", () => {
    const pages = runbooks();
    assert.deepEqual(
      named(guides).filter((alert) => !pages.includes(alert)),
      [],
    );
  });

  it("are, with the engine's, all that there are: no page outlives its alert", async () => {
    const known = new Set([...engineAlerts, ...named(await declaredServices())]);
    assert.deepEqual(
      runbooks().filter((page) => !known.has(page)),
      [],
    );
  });
});
