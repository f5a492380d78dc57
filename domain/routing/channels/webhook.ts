import type { ChannelKind } from "./channel.ts";
import { bearerFile, bearerSelector, mounted, selector } from "./secretValue.ts";

export const webhook: ChannelKind<"webhook"> = {
  isPublic: false,
  since: "0.43.0",
  alertmanager: (_, { token, ...url }) => ({
    webhook_configs: [{ url_file: mounted(url), send_resolved: true, ...bearerFile(token) }],
  }),
  operator: (_, { token, ...url }) => ({
    webhookConfigs: [{ urlSecret: selector(url), sendResolved: true, ...bearerSelector(token) }],
  }),
};
