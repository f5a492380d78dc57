import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { alertmanagerConfigSpec } from "../../domain/routing/alertmanagerConfig.ts";
import { channels } from "../../domain/values/severity.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { assembled } from "./operator.ts";

const value = { secret: "alert-receivers", key: "value" };
const receiver = {
  ...Object.fromEntries(channels.map((channel) => [channel, value])),
  slack: { ...value, channel: "#alerts" },
  email: {
    ...value,
    to: "a@example.com",
    from: "b@example.com",
    smarthost: "smtp.example.com:587",
    username: "upkeep",
  },
};
const settings = settingsOf("prod");
const environment = environmentOf("prod", {
  ...settings,
  alerting: { ...(settings.alerting as object), receivers: { default: receiver } },
});

for (const channel of channels) {
  describe(`a receiver of ${channel} alone`, () => {
    const service = { ...shop, notify: { critical: [channel], warning: [], info: [] } };
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "upkeep-channel-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const accepted = async (configuration: object & { receivers: { name: string }[] }) => {
      const critical = configuration.receivers.find(({ name }) => name.endsWith(`${service.name}-critical`));
      assert.ok(
        Object.keys(critical ?? {}).some((key) => key.endsWith("_configs")),
        "the receiver is empty",
      );
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
  });
}
