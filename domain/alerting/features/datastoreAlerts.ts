import type { Datastore } from "../../declaration/datastore.ts";
import { namespaceOf } from "../../declaration/datastoreOf.ts";
import type { AlertFacts } from "../../prometheus/rules.ts";
import { bytes } from "../../values/size.ts";
import type { WatchedFeature, WatchedService } from "./feature.ts";

/** The share of the declared size at which there is still time to declare more. */
const OF_DECLARED_SIZE = 0.9;

/** A datastore of a kind that an exporter measures. */
type Measured = Extract<Datastore, { kind: "postgres" | "redis" }>;

/** What an exporter measures of a datastore, and the alerts that only its kind has. */
export interface DatastoreExporter<D extends Measured> {
  exporter: string;
  /** PromQL selector of a series that exists while the exporter answers, reaches the server and measures all that is read of it. */
  measured(scope: string, datastore: D): string;
  /** PromQL of how many bytes it holds. */
  held(scope: string, datastore: D): string;
  alerts(scope: string, datastore: D): AlertFacts[];
}

/** The feature of an exporter that runs beside each datastore of a kind, in its namespace. */
export function datastoreFeature<K extends Measured["kind"]>(
  kind: K,
  exporter: DatastoreExporter<Extract<Measured, { kind: K }>>,
): WatchedFeature {
  return {
    alerts: (service) =>
      service.datastores
        .filter((one): one is Extract<Measured, { kind: K }> => one.kind === kind)
        .flatMap((datastore) => alertsOf(service, datastore, exporter)),
  };
}

function alertsOf<D extends Measured>(
  service: WatchedService,
  datastore: D,
  { exporter, measured, held, alerts }: DatastoreExporter<D>,
): AlertFacts[] {
  const { name, size } = datastore;
  const scope = `namespace="${namespaceOf(service, datastore)}"`;
  const facts: AlertFacts[] = [
    {
      name: "ExporterMissing",
      expr: `absent(${measured(scope, datastore)})`,
      for: "15m",
      severity: "warning",
      labels: { exporter },
      summary: `${exporter} does not measure ${name}`,
      description: `${exporter} is down, does not reach ${name}, or lacks a collector (docs/features.md): no alert fires on what it measures.`,
    },
    {
      name: "DatastoreSizeHigh",
      expr: `${held(scope, datastore)} > ${OF_DECLARED_SIZE * bytes(size.value)}`,
      for: "1h",
      severity: "warning",
      summary: `${name} outgrows its declared size`,
      description: `${name} holds {{ $value | humanize1024 }}B; ${size.value} are declared, for which its backups have scratch space and time.`,
    },
    ...alerts(scope, datastore),
  ];
  return facts.map((one) => ({ ...one, labels: { ...one.labels, datastore: name } }));
}
