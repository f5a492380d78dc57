import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

export const statusPage: ChannelKind<"statusPage"> = {
  isPublic: true,
  since: "0.43.0",
  alertmanager: (_, page) => ({ webhook_configs: [{ url_file: mounted(page), send_resolved: true }] }),
  operator: (_, page) => ({ webhookConfigs: [{ urlSecret: selector(page), sendResolved: true }] }),
};
