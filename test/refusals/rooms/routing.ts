import type { Service } from "../../../domain/declaration/service.ts";
import type { Others, Receiver } from "../../../domain/environment/environment.ts";
import { unreachedFaults } from "../../../domain/routing/reach.ts";
import { readConfiguration } from "../../../domain/routing/readRoutes.ts";
import { routeFaults } from "../../../domain/routing/routeFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";
import type { Room } from "../room.ts";

const prod = environmentOf("prod");
const staging = environmentOf("staging");
const slack = { secret: "shop-receivers", key: "slack", channel: "#shop", pager: false };
const teams = { secret: "shop-receivers", key: "teams", pager: false };

const received = (receivers: Record<string, Receiver>) =>
  routeFaults({ ...prod, alerting: { ...prod.alerting, receivers: { ...prod.alerting.receivers, ...receivers } } }, [
    shop,
  ]);

const notifying = (notify: Partial<Service["notify"]>, environment = prod) =>
  routeFaults(environment, [{ ...shop, notify: { ...shop.notify, ...notify } }]);

const keeping = (others: Partial<Others>, environment = prod) =>
  routeFaults(
    {
      ...environment,
      alerting: {
        ...environment.alerting,
        others: { route: { receiver: "platform" }, receivers: [{ name: "platform" }], ...others },
      },
    },
    [shop],
  );

export const room: Room = {
  title: "Routes (domain/routing)",
  sources: ["domain/routing/**/*.ts"],
  examples: [
    ...[{ receiver: "nobody" }, {}].map((route) => ({
      code: "critical-reaches-nobody",
      faults: () => {
        const tree = readConfiguration({ route, receivers: [{ name: "nobody" }] });
        const alert = { name: "BackupStale", labels: { severity: "critical" } };
        return unreachedFaults(alert, tree ? [tree] : [], "spec.groups[0].rules[BackupStale]");
      },
    })),
    {
      code: "shared-owner-without-operator",
      faults: () => routeFaults({ ...staging, features: { ...staging.features, prometheusOperator: false } }, [shop]),
    },
    {
      code: "missing-fallback-receiver",
      faults: () =>
        received({
          default: { statusPage: { secret: "shop-receivers", key: "status-page" } },
          "shop-team": prod.alerting.receivers.default ?? {},
        }),
    },
    {
      code: "missing-dead-mans-switch",
      faults: () => {
        const { deadMansSwitch: _, ...alerting } = prod.alerting;
        return routeFaults({ ...prod, alerting }, [shop]);
      },
    },
    { code: "receiver-of-unknown-team", faults: () => received({ shopteam: { slack } }) },
    { code: "critical-without-pager", faults: () => received({ "shop-team": { slack } }) },
    {
      code: "channel-unknown-to-operator",
      faults: () => {
        const features = { ...staging.features, prometheusOperatorVersion: "0.75.0" };
        const receivers = { default: { slack, teams } };
        return routeFaults({ ...staging, features, alerting: { ...staging.alerting, receivers } }, [shop]);
      },
    },
    { code: "others-of-shared-alertmanager", faults: () => keeping({}, staging) },
    { code: "others-receiver-unknown", faults: () => keeping({ route: { receiver: "plattform" } }) },
    { code: "others-route-unknown-key", faults: () => keeping({ route: { receiver: "platform", group_wate: "1m" } }) },
    {
      code: "others-time-interval-unknown",
      faults: () => keeping({ route: { receiver: "platform", mute_time_intervals: ["night"] } }),
    },
    {
      code: "others-name-taken",
      faults: () => keeping({ receivers: [{ name: "platform" }, { name: "fallback" }] }),
    },
    {
      code: "others-inline-credential",
      faults: () =>
        keeping({ receivers: [{ name: "platform", pagerduty_configs: [{ routing_key: "0123456789abcdef" }] }] }),
    },
    { code: "critical-to-nobody", faults: () => notifying({ warning: [] }, staging) },
    { code: "missing-receiver", faults: () => notifying({ info: ["email"] }, staging) },
    {
      code: "missing-receiver",
      faults: () => notifying({ critical: ["telegram"], warning: ["victorops"], info: ["pushover"] }, staging),
    },
  ],
};
