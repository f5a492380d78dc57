import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleGroup } from "../../../domain/prometheus/rules.ts";
import { freePort, type Server, startServer } from "./server.ts";

export interface PrometheusOptions {
  /** Where it keeps everything: an empty folder. */
  folder: string;
  groups: RuleGroup[];
  /** Of prometheus.io/docs/prometheus/latest/configuration. */
  scrapes: Record<string, unknown>[];
  alertmanagers?: Server[];
  /** Of scrapes and evaluations. */
  interval?: string;
  retention?: string;
}

/** Starts a real Prometheus; `prometheus` is on PATH. */
export async function startPrometheus(options: PrometheusOptions): Promise<Server> {
  const { folder, groups, scrapes, alertmanagers = [], interval = "1s", retention = "31d" } = options;
  const configuration = {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ["rules.yaml"],
    scrape_configs: scrapes,
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: alertmanagers.map(({ address }) => new URL(address).host) }] }],
    },
  };
  writeFileSync(join(folder, "rules.yaml"), stringify({ groups }));
  writeFileSync(join(folder, "prometheus.yaml"), stringify(configuration));
  const host = `127.0.0.1:${await freePort()}`;
  return startServer(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--storage.tsdb.retention.time=${retention}`,
      `--web.listen-address=${host}`,
    ],
    `http://${host}`,
    "/-/ready",
  );
}
