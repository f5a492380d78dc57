import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyOfClone } from "../support/copyOfClone.ts";
import { RecordingEngine } from "./recordingEngine.ts";
import { runProgram } from "./runProgram.ts";

type Config = Record<string, unknown>;

/** What somebody gets wrong in a stack's file, and what they are told. */
const mistakes: { mistake: string; change(config: Config): void; message: string }[] = [
  {
    mistake: "an unknown service",
    change: (config) => {
      config["upkeep:services"] = ["mplp", "shop"];
    },
    message: `upkeep:services cannot be deployed:
- a service is "shop"; allowed: js-mcp, lang-observatory, mplp, tapio, task-mcp. Fix: correct the name, or declare it in services/`,
  },
  {
    mistake: "an unknown key",
    change: (config) => {
      config["upkeep:backup"] = {};
    },
    message: `environment "staging" cannot be deployed:
- upkeep:backup in Pulumi.staging.yaml is {}; allowed: no such key; known are services, retired, kubernetes, aws, images, differs, features, backups, monitoring, alerting. Fix: did you mean backups? Rename it, or pulumi config rm --path upkeep:backup --stack staging`,
  },
  {
    mistake: "a missing key",
    change: (config) => {
      delete (config["upkeep:alerting"] as Config).pages;
    },
    message: `environment "staging" cannot be deployed:
- upkeep:alerting.pages in Pulumi.staging.yaml is missing; allowed: true or false. Fix: pulumi config set --path upkeep:alerting.pages <value> --stack staging`,
  },
  {
    mistake: "a receiver whose Secret is not named",
    change: (config) => {
      const { receivers } = config["upkeep:alerting"] as { receivers: Config };
      receivers.default = { slack: { key: "slack-url", channel: "#alerts" } };
    },
    message: `environment "staging" cannot be deployed:
- upkeep:alerting.receivers.default.slack.secret in Pulumi.staging.yaml is missing; allowed: the name of a Secret. Fix: pulumi config set --path upkeep:alerting.receivers.default.slack.secret <value> --stack staging`,
  },
  {
    mistake: "a difference that names nothing",
    change: (config) => {
      (config["upkeep:differs"] as Config).sizes = { "mplp/man": "2Gi" };
    },
    message: `environment "staging" cannot be deployed:
- upkeep:differs.sizes in Pulumi.staging.yaml is "mplp/man"; allowed: js-mcp/sessions, lang-observatory/main, mplp/cache, mplp/main, tapio/data, tapio/main, task-mcp/main. Fix: pulumi config rm --path 'upkeep:differs.sizes["mplp/man"]' --stack staging`,
  },
  {
    mistake: "a cluster without what a promise needs",
    change: (config) => {
      (config["upkeep:features"] as Config).kubeStateMetrics = false;
    },
    message: `environment "staging" cannot be deployed:
- upkeep:features.kubeStateMetrics in Pulumi.staging.yaml is false; allowed: true: without kube-state-metrics nothing tells of a job that failed, stopped or disappeared. Fix: install kube-state-metrics and let Prometheus scrape it, then set this to true`,
  },
  {
    mistake: "a cluster without the metrics API that a declared autoscaler needs",
    change: (config) => {
      (config["upkeep:features"] as Config).metricsServer = false;
      config["upkeep:services"] = ["mplp"];
    },
    message: `service "mplp" cannot be deployed:
- upkeep:features.metricsServer in Pulumi.staging.yaml is false; allowed: true where a workload is autoscaled (mplp-core): without the metrics API no autoscaler acts, and nothing takes its place. Fix: install metrics-server and run pulumi config set --path upkeep:features.metricsServer true --stack staging, or leave out autoscale`,
  },
  {
    mistake: "a shared Alertmanager in a cluster without prometheus-operator",
    change: (config) => {
      (config["upkeep:features"] as Config).prometheusOperator = false;
    },
    message: `environment "staging" cannot be deployed:
- upkeep:alerting.owner in Pulumi.staging.yaml is "shared", in a cluster without prometheus-operator, which alone reads AlertmanagerConfigs; allowed: upkeep, or shared where upkeep:features.prometheusOperator is true. Fix: pulumi config set --path upkeep:alerting.owner upkeep --stack staging`,
  },
  {
    mistake: "critical alerts that page, without a pager",
    change: (config) => {
      (config["upkeep:alerting"] as Config).pages = true;
      config["upkeep:services"] = ["mplp"];
    },
    message: `service "mplp" cannot be deployed:
- upkeep:alerting.receivers.default.pagerduty in Pulumi.staging.yaml is missing; allowed: a pager, for mplp of team mplp-operations notifies it: critical without a pager. Fix: pulumi config set --path upkeep:alerting.receivers.default.pagerduty.secret <value> --stack staging, and its key, or take "pagerduty" out of mplp.notify`,
  },
  {
    mistake: "a service that is maintained and retired at once",
    change: (config) => {
      config["upkeep:retired"] = ["mplp"];
    },
    message: `environment "staging" cannot be deployed:
- upkeep:retired in Pulumi.staging.yaml is "mplp", which is in upkeep:services too; allowed: each service in one of the two. Fix: take it out of one`,
  },
];

/** What somebody changes in a service's declaration, and what they are told. */
const broken: { change: string; file: string; from: string; to: string; message: string }[] = [
  {
    change: "Tapio's database backed up each hour, as its recovery point sounds",
    file: "tapio.ts",
    from: 'schedule: assumed("*/20 * * * *")',
    to: 'schedule: assumed("0 * * * *")',
    message: `service "tapio" cannot be deployed:
- backups[0].schedule is "0 * * * *", which can lose 2h 17m (longest gap 1h + the same to survive a failed run + starting deadline 2m + deadline 15m); allowed: less than the recovery point of 1h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point`,
  },
];

describe("the program, given a declaration that breaks its promise", function () {
  this.timeout("5m");

  for (const { change, file, from, to, message } of broken) {
    it(`refuses ${change}, with the arithmetic, before anything of the service is created`, async () => {
      const folder = await copyOfClone("upkeep-broken-");
      try {
        const path = join(folder, "services", file);
        const declaration = await readFile(path, "utf8");
        assert.ok(declaration.includes(from), `${file} no longer says ${from}`);
        await writeFile(path, declaration.replace(from, to));
        const engine = new RecordingEngine();
        // Where the service is another size, the stack's file would hide what the declaration says.
        const { exitCode, all } = await runProgram(engine, {
          folder,
          change: (config) => {
            delete (config["upkeep:differs"] as Config).sizes;
          },
        });
        assert.notEqual(exitCode, 0);
        const said = [...engine.complaints, all].join("\n");
        assert.ok(said.includes(message), said);
        const service = file.replace(".ts", "");
        assert.deepEqual(
          engine.registrations.filter(({ name }) => name.startsWith(service)).map(({ name }) => name),
          [],
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});

describe("the program, given a stack's file with a mistake", function () {
  this.timeout(60_000);

  for (const { mistake, change, message } of mistakes) {
    it(`refuses ${mistake}, in words, before anything is created`, async () => {
      const engine = new RecordingEngine();
      const { exitCode, all } = await runProgram(engine, { change });
      assert.notEqual(exitCode, 0);
      const said = [...engine.complaints, all].join("\n");
      assert.ok(said.includes(message), said);
      assert.deepEqual(
        engine.registrations.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });
  }
});
