import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ValidateFunction } from "ajv";
import { execa } from "execa";
import { stringify } from "yaml";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { alertmanagerConfigSpec } from "../../domain/routing/alertmanagerConfig.ts";
import { type Channel, channels } from "../../domain/values/severity.ts";
import { environmentOf } from "../support/environment.ts";
import { receivers } from "../support/receivers.ts";
import { shop } from "../support/shop.ts";
import { alertmanagerConfigSchema } from "./crd.ts";
import { assembled } from "./operator.ts";

const prod = environmentOf("prod");

describe("a receiver", () => {
  it("of each channel is judged here", () => {
    const judged = new Set(Object.values(receivers).flatMap((receiver) => Object.keys(receiver)));
    assert.deepEqual([...judged].sort(), [...channels].sort());
  });
});

for (const [name, receiver] of Object.entries(receivers)) {
  describe(`a receiver of ${name}`, () => {
    const critical = Object.keys(receiver) as Channel[];
    const service = { ...shop, notify: { critical, warning: critical, info: [] } };
    const environment = { ...prod, alerting: { ...prod.alerting, receivers: { default: receiver } } };
    let folder: string;
    let schema: ValidateFunction;
    before(async function () {
      this.timeout("1m");
      folder = mkdtempSync(join(tmpdir(), "upkeep-channel-"));
      schema = await alertmanagerConfigSchema();
    });
    after(() => rmSync(folder, { recursive: true }));

    const accepted = async (configuration: object & { receivers: { name: string }[] }) => {
      const destination = configuration.receivers.find(({ name }) => name.endsWith(`${service.name}-critical`));
      const lists = Object.entries(destination ?? {}).filter(([key]) => key.endsWith("_configs"));
      assert.equal(lists.flatMap(([, list]) => list).length, critical.length, "each channel has its entry");
      const file = join(folder, "alertmanager.yaml");
      writeFileSync(file, stringify(configuration));
      const { exitCode, all, message } = await execa("amtool", ["check-config", file], { all: true, reject: false });
      assert.equal(exitCode, 0, all || message);
    };

    it("is one that Alertmanager accepts", () => accepted(alertmanagerConfiguration(environment, [service])));

    it("is one that it accepts of an AlertmanagerConfig", () => {
      const spec = alertmanagerConfigSpec(environment, service);
      return accepted(assembled([{ name: `${service.name}-routes`, namespace: service.namespace, spec }]));
    });

    it("has only fields that the AlertmanagerConfig's CRD has", () => {
      // As JSON, as it is sent: without undefined.
      schema(JSON.parse(JSON.stringify(alertmanagerConfigSpec(environment, service))));
      assert.deepEqual(schema.errors ?? [], []);
    });
  });
}
