import { parse } from "yaml";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { LOG_RULES } from "../../domain/alerting/logAlerts.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import type { AlertRule, RecordingRule, RuleGroup } from "../../domain/prometheus/rules.ts";
import { declaredServices } from "../../services/index.ts";
import { type Registered, registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";

/** Each rule object among resources, by its name in the cluster: a PrometheusRule's, or a ConfigMap's rule file. */
export function ruleFiles(resources: Registered[]): Record<string, { groups: RuleGroup[] }> {
  return Object.fromEntries(
    resources.flatMap(({ type, inputs }) => {
      const { metadata, spec, data } = inputs as {
        metadata?: { name: string; namespace: string };
        spec?: { groups: RuleGroup[] };
        data?: Record<string, string>;
      };
      const file = `${metadata?.namespace}-${metadata?.name}.yaml`;
      if (type.endsWith(":PrometheusRule")) return [[file, { groups: spec?.groups ?? [] }]];
      if (!type.endsWith(":ConfigMap")) return [];
      return Object.entries(data ?? {})
        .filter(([name]) => !name.endsWith(LOG_RULES))
        .map(([, text]) => parse(text) as { groups?: RuleGroup[] })
        .flatMap(({ groups }) => (groups ? [[file, { groups }]] : []));
    }),
  );
}

/** What a stack evaluates, and the services whose declarations it follows from. */
export interface RenderedRules {
  alerts: AlertRule[];
  records: RecordingRule[];
  /** As they are in the environment. */
  services: Service[];
}

/** The rules of everything that services/ declares, as a stack's components render them. */
export async function renderedRules(stack: string): Promise<RenderedRules> {
  const environment = environmentOf(stack);
  const services = (await declaredServices()).map((service) => inEnvironment(service, environment));
  const resources = await registered(() => {
    for (const service of services) new MaintainedService(service.name, { environment, service });
    new PlatformAlerts("platform-alerts", { environment, services });
  });
  const rules = Object.values(ruleFiles(resources)).flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return {
    alerts: rules.filter((rule): rule is AlertRule => "alert" in rule),
    records: rules.filter((rule): rule is RecordingRule => "record" in rule),
    services,
  };
}
