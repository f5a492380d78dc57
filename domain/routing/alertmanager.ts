import type { Service } from "../declaration/service.ts";
import type { Environment } from "../environment/environment.ts";
import { type TimeInterval, timeIntervals } from "../windows/windowRendering.ts";
import { incident, incidentDetails, incidentSeverity, runbook, slackColor, slackText, title } from "./notifications.ts";
import { type Destination, GROUP_BY, GROUP_INTERVAL, groupWait, type Matcher, type Route, routing } from "./routes.ts";

/** A route as Alertmanager's configuration has it. Source: prometheus.io/docs/alerting/latest/configuration, as are the others. */
export interface AlertmanagerRoute {
  matchers?: string[];
  receiver: string;
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  mute_time_intervals?: string[];
  routes?: AlertmanagerRoute[];
}

export interface AlertmanagerReceiver {
  name: string;
  pagerduty_configs?: object[];
  slack_configs?: object[];
  email_configs?: object[];
  webhook_configs?: object[];
}

/** A whole configuration of Alertmanager. */
export interface AlertmanagerConfiguration {
  route: AlertmanagerRoute;
  receivers: AlertmanagerReceiver[];
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  time_intervals: { name: string; time_intervals: TimeInterval[] }[];
}

/**
 * The configuration of an Alertmanager that is Upkeep's own. It holds no secret: each is read from a file that
 * prometheus-operator mounts for an Alertmanager whose `spec.secrets` names the Secret.
 *
 * @param services as they are in the environment
 */
export function alertmanagerConfiguration(environment: Environment, services: Service[]): AlertmanagerConfiguration {
  const { fallback, routes, destinations, muteTimes, inhibitions } = routing(environment, services);
  return {
    route: {
      receiver: fallback,
      group_by: GROUP_BY,
      group_wait: groupWait("warning"),
      group_interval: GROUP_INTERVAL,
      repeat_interval: "12h",
      routes: routes.map(route),
    },
    receivers: destinations.map((destination) => receiver(environment.name, destination)),
    inhibit_rules: inhibitions.map(({ source, target, equal }) => ({
      source_matchers: source.map(matcher),
      target_matchers: target.map(matcher),
      equal,
    })),
    time_intervals: muteTimes.map(({ name, window }) => ({ name, time_intervals: timeIntervals(window) })),
  };
}

function route({ matchers, receiver, groupWait: wait, repeatInterval, muted, routes }: Route): AlertmanagerRoute {
  return {
    matchers: matchers.map(matcher),
    receiver,
    ...(wait && { group_wait: wait }),
    ...(repeatInterval && { repeat_interval: repeatInterval }),
    ...(muted && { mute_time_intervals: muted }),
    ...(routes && { routes: routes.map(route) }),
  };
}

function matcher({ label, operator, value }: Matcher): string {
  return `${label}${operator}"${value}"`;
}

function receiver(environment: string, { name, channels }: Destination): AlertmanagerReceiver {
  const { pagerduty, slack, email, statusPage } = channels;
  return {
    name,
    ...(pagerduty && {
      pagerduty_configs: [
        {
          routing_key_file: mounted(pagerduty),
          send_resolved: true,
          description: incident(environment),
          severity: incidentSeverity,
          class: "{{ .CommonLabels.alertname }}",
          component: "{{ .CommonLabels.service }}",
          group: environment,
          details: incidentDetails(environment),
          links: [{ href: runbook, text: "Runbook" }],
        },
      ],
    }),
    ...(slack && {
      slack_configs: [
        {
          api_url_file: mounted(slack),
          channel: slack.channel,
          send_resolved: true,
          color: slackColor,
          title: title(environment),
          text: slackText(environment),
          fallback: title(environment),
        },
      ],
    }),
    ...(email && {
      email_configs: [
        {
          to: email.to,
          from: email.from,
          smarthost: email.smarthost,
          auth_username: email.username,
          auth_password_file: mounted(email),
          send_resolved: true,
          headers: { Subject: title(environment) },
        },
      ],
    }),
    ...(statusPage && { webhook_configs: [{ url_file: mounted(statusPage), send_resolved: true }] }),
  };
}

/** Where prometheus-operator mounts a Secret for Alertmanager. Source: prometheus-operator.dev/docs/api-reference, AlertmanagerSpec.secrets. */
function mounted({ secret, key }: { secret: string; key: string }): string {
  return `/etc/alertmanager/secrets/${secret}/${key}`;
}
