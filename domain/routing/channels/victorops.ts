import { bySeverity, incident, plainText } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

export const victorops: ChannelKind<"victorops"> = {
  isPublic: false,
  since: "0.44.0",
  alertmanager: (environment, { routingKey, api, ...key }) => ({
    victorops_configs: [
      {
        api_key_file: mounted(key),
        // As a template: policies take any other value for a credential, as PagerDuty's routing key is one.
        routing_key: `{{ "${routingKey}" }}`,
        ...(api && { api_url: api }),
        send_resolved: true,
        message_type: victoropsType,
        state_message: plainText(environment),
        entity_display_name: incident(environment),
      },
    ],
  }),
  operator: (environment, { routingKey, api, ...key }) => ({
    victoropsConfigs: [
      {
        apiKey: selector(key),
        routingKey,
        ...(api && { apiUrl: api }),
        sendResolved: true,
        messageType: victoropsType,
        stateMessage: plainText(environment),
        entityDisplayName: incident(environment),
      },
    ],
  }),
};

/** What opens an incident; Alertmanager itself sends RECOVERY. */
export const victoropsType = bySeverity("CRITICAL", "WARNING");
