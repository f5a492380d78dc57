import type { IProbe } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Probe";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { asksBackups, checksOf, monitorConfiguration, monitorEgress } from "../../domain/alerting/checks.ts";
import { endpointAlertGroups } from "../../domain/alerting/endpointAlerts.ts";
import { healthFaults } from "../../domain/alerting/healthFaults.ts";
import { monitorSeverity, PROBE_INTERVAL, probesOf } from "../../domain/alerting/probes.ts";
import { bucketName } from "../../domain/bucket/bucket.ts";
import { monitorPolicy } from "../../domain/bucket/roles.ts";
import { shapeFaults } from "../../domain/declaration/parse.ts";
import type { Monitor, Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { rules } from "../alerting/rules.ts";
import { backupRole, roleAnnotations } from "../backup/backupRole.ts";
import { s3Variables } from "../backup/s3Variables.ts";
import { inputs } from "../inputs.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import { program } from "../jobs/program.ts";
import { labels } from "../labels.ts";

export interface HealthMonitorArgs {
  environment: Environment;
  service: Service;
}

/**
 * Checks that a service answers: a Probe per endpoint, by blackbox exporter, and one CronJob that checks the datastores (and the
 * endpoints, in a cluster without Probes) and posts alerts to Alertmanager itself.
 */
export class HealthMonitor extends pulumi.ComponentResource {
  /** @throws DeclarationError when a check is declared that nothing would run, before any child exists */
  constructor(name: string, args: HealthMonitorArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    const subject = `health of service "${service.name}"`;
    refuseFaults(subject, shapeFaults(service));
    refuseFaults(subject, healthFaults(service, environment));
    super("upkeep:health:HealthMonitor", name, inputs(args), options);
    const parent = { parent: this };

    for (const { endpoint, name: probe, jobName } of probesOf(service, environment)) {
      const { probeLabels } = environment.monitoring;
      const manifest: IProbe = {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Probe",
        metadata: {
          name: probe,
          namespace: service.namespace,
          labels: { ...labels(service.name), ...probeLabels },
        },
        spec: {
          jobName,
          interval: PROBE_INTERVAL,
          prober: { url: environment.features.blackboxExporter as string },
          module: "http_2xx",
          targets: { staticConfig: { static: endpoint.urls } },
        },
      };
      new kubernetes.apiextensions.CustomResource(`${name}-${endpoint.name}`, manifest, parent);
    }

    const groups = endpointAlertGroups(service, environment);
    if (groups.length > 0) {
      const metadata = {
        name: `${service.name}-health`,
        namespace: service.namespace,
        labels: labels(service.name),
      };
      rules(`${name}-alerts`, { environment, metadata, groups }, parent);
    }

    if (service.monitor && checksOf(service, environment).length > 0) {
      const role = this.role(name, args, service.monitor);
      const job = monitorJob(environment, service, service.monitor);
      new MaintenanceJob(`${name}-monitor`, { ...job, ...role }, parent);
    }
    this.registerOutputs();
  }

  /** The IAM role that lets the monitor list manifests; undefined where a Secret holds access keys instead. */
  private role(name: string, { environment, service }: HealthMonitorArgs, { job }: Monitor) {
    if (!asksBackups(service)) return {};
    const bucket = bucketName(service.name, environment);
    const prefixes = service.backups.map(({ prefix }) => prefix);
    const role = backupRole(
      `${name}-monitor`,
      {
        environment,
        service: service.name,
        namespace: service.namespace,
        job,
        may: "list-manifests",
        policy: () => monitorPolicy(bucket, prefixes),
      },
      this,
    );
    return roleAnnotations(environment, role);
  }
}

function monitorJob(environment: Environment, service: Service, monitor: Monitor) {
  const listsS3 = asksBackups(service);
  const { certificateAuthority } = environment.backups;
  return {
    environment,
    service: service.name,
    namespace: service.namespace,
    job: monitor.job,
    schedule: monitor.schedule.value,
    startingDeadline: monitor.startingDeadline,
    deadline: monitor.deadline,
    steps: [
      {
        name: "monitor",
        image: images(environment.images.registry).node,
        program: program("health/monitor.ts"),
        interpreter: "node" as const,
        user: users.node,
        memory: "192Mi" as const,
        environment: [
          { name: "MONITOR", value: JSON.stringify(monitorConfiguration(service, monitor, environment)) },
          // Node resolves four names at once by default; with more threads, names that do not resolve cannot delay Alertmanager's.
          { name: "UV_THREADPOOL_SIZE", value: "64" },
          ...(listsS3 ? s3Variables(environment) : []),
        ],
        ...(listsS3 && certificateAuthority && { certificateAuthority }),
      },
    ],
    scratch: "1Mi" as const,
    ...(service.jobs && { jobs: service.jobs }),
    egress: monitorEgress(service, environment),
    staleSeverity: monitorSeverity(service, environment),
    // MP-082: the next run serves as the retry. MP-083, MP-084.
    retries: 0,
    history: { successful: 3, failed: 1 },
  };
}
