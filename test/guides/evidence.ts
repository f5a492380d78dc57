import { parse } from "yaml";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { LOG_RULES } from "../../domain/alerting/logAlerts.ts";
import { upstreamAlerts } from "../../domain/alerting/upstreamAlerts.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { posture } from "../../domain/posture.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { runbooks } from "../support/runbooks.ts";
import { guides } from "./guides.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that each kind of resource has
type Fields = any;

/** Everything that prod has of the guides, in the words of docs/guides.md. */
export async function evidence(): Promise<Set<string>> {
  const environment = environmentOf("prod");
  const services = guides.map((service) => inEnvironment(service, environment));
  const resources = await registered(() => {
    for (const service of services) new MaintainedService(service.name, { environment, service });
    new AlertRoutes("alert-routes", { environment, services });
    new PlatformAlerts("platform-alerts", { environment, services });
  });
  const words = resources.flatMap(({ type, name, inputs }) => ofResource(type, name, inputs));
  for (const service of posture(environment, services).services) {
    const { name, availability, told } = service;
    words.push(`objective ${name} recovery point`, `objective ${name} recovery time`);
    if (availability) words.push(`objective ${name} availability`);
    for (const [severity, channels] of Object.entries(told)) {
      words.push(...channels.map((channel) => `route ${name} ${severity} ${channel}`));
    }
  }
  if (environment.features.kubePrometheusRules) words.push(...upstreamAlerts.map((alert) => `upstream ${alert}`));
  words.push(...runbooks().map((page) => `runbook ${page}`));
  return new Set(words);
}

function ofResource(type: string, name: string, inputs: Fields): string[] {
  const service = inputs.metadata?.labels?.["app.kubernetes.io/part-of"];
  switch (type) {
    case "kubernetes:batch/v1:CronJob":
      return [`job ${inputs.metadata.name}`];
    case "kubernetes:monitoring.coreos.com/v1:PrometheusRule":
      return inputs.spec.groups.flatMap(({ rules }: Fields) =>
        rules.flatMap(({ alert, labels }: Fields) => (alert ? [`alert ${labels.service} ${alert}`] : [])),
      );
    case "kubernetes:monitoring.coreos.com/v1:Probe":
      return [`probe ${inputs.spec.jobName.split("/").slice(1).join(" ")}`];
    case "kubernetes:core/v1:ConfigMap":
      if (inputs.metadata.name === `${service}-dashboard`) return [`dashboard ${service}`];
      return Object.entries(inputs.data ?? {}).flatMap(([file, text]) =>
        file.endsWith(LOG_RULES)
          ? parse(text as string).groups.flatMap(({ rules }: Fields) =>
              rules.map(({ alert }: Fields) => `log alert ${service} ${alert}`),
            )
          : [],
      );
    case "kubernetes:autoscaling/v2:HorizontalPodAutoscaler":
      return [`autoscaler ${service} ${inputs.spec.scaleTargetRef.name}`];
    case "aws:s3/bucket:Bucket":
      return [`bucket ${name.replace(/-backups-bucket$/, "")}`];
    case "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
      return inputs.rules.map(
        ({ filter, expiration }: Fields) =>
          `expiry ${name.replace(/-backups-lifecycle$/, "")} ${filter.prefix.replace("manifests/", "")} ${expiration?.days}d`,
      );
    default:
      return [];
  }
}
