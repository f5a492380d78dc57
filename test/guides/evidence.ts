import { globSync } from "node:fs";
import { parse } from "yaml";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { LOG_RULES } from "../../domain/alerting/logAlerts.ts";
import { upstreamAlerts } from "../../domain/alerting/upstreamAlerts.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { posture } from "../../domain/posture.ts";
import { policies } from "../../policies/policies.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { runbooks } from "../support/runbooks.ts";
import { guides } from "./guides.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that each kind of resource has
type Fields = any;

/** Everything that prod has of the guides, in the words of docs/guides.md; of a resource with its arguments, as JSON. */
export async function evidence(): Promise<Map<string, string>> {
  const environment = environmentOf("prod");
  const services = guides.map((service) => inEnvironment(service, environment));
  const resources = await registered(() => {
    for (const service of services) new MaintainedService(service.name, { environment, service });
    new AlertRoutes("alert-routes", { environment, services });
    new PlatformAlerts("platform-alerts", { environment, services });
  });
  const found = new Map<string, string>();
  for (const { type, name, inputs } of resources) {
    for (const word of ofResource(type, name, inputs)) {
      found.set(word, (found.get(word) ?? "") + JSON.stringify(inputs));
    }
  }
  for (const service of posture(environment, services).services) {
    const { name, availability, told } = service;
    const words = [`objective ${name} recovery point`, `objective ${name} recovery time`];
    if (availability) words.push(`objective ${name} availability`);
    for (const [severity, channels] of Object.entries(told)) {
      words.push(...channels.map((channel) => `route ${name} ${severity} ${channel}`));
    }
    for (const word of words) found.set(word, "");
  }
  if (environment.features.kubePrometheusRules) for (const alert of upstreamAlerts) found.set(`upstream ${alert}`, "");
  for (const page of runbooks()) found.set(`runbook ${page}`, "");
  for (const word of ofFiles()) found.set(word, "");
  return found;
}

/** What is no resource: policies, presets, workflows and pages. */
function ofFiles(): string[] {
  const names = (pattern: string) => globSync(pattern).map((file) => file.replace(/^.*\/|\.[a-z]+$/g, ""));
  return [
    ...policies.map(({ name }) => `policy ${name}`),
    ...names("renovate/*.json").map((name) => `preset ${name}`),
    ...names(".github/workflows/*.yaml").map((name) => `workflow ${name}`),
    ...names("docs/*.md").map((name) => `page ${name}`),
  ];
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
    case "kubernetes:policy/v1:PodDisruptionBudget":
      return [`budget ${service} ${inputs.metadata.name}`];
    case "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler":
      return [`recommender ${service} ${inputs.spec.targetRef.name}`];
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
