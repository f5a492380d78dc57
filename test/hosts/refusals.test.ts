import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { copyWith, declareIn } from "../support/copyWith.ts";
import { billing, keeping, shop } from "../support/shop.ts";
import { RecordingEngine } from "./recordingEngine.ts";
import { runProgram } from "./runProgram.ts";

type Config = Record<string, unknown>;

const section = (config: Config, key: string) => config[`upkeep:${key}`] as Config;

/** Mistakes in a stack's file, what refuses them, and the paths of the faults. */
const mistakes: { mistake: string; change(config: Config): void; subject: string; paths: string[] }[] = [
  {
    mistake: "an unknown service",
    change: (config) => {
      config["upkeep:services"] = ["shop", "shopp"];
    },
    subject: "upkeep:services",
    paths: ["a service"],
  },
  {
    mistake: "an unknown key",
    change: (config) => {
      config["upkeep:backup"] = {};
    },
    subject: 'environment "staging"',
    paths: ["upkeep:backup in Pulumi.staging.yaml"],
  },
  {
    mistake: "a missing key",
    change: (config) => {
      delete section(config, "alerting").pages;
    },
    subject: 'environment "staging"',
    paths: ["upkeep:alerting.pages in Pulumi.staging.yaml"],
  },
  {
    mistake: "a receiver whose Secret is not named",
    change: (config) => {
      const { receivers } = section(config, "alerting") as { receivers: Config };
      receivers.default = { slack: { key: "slack-url", channel: "#alerts" } };
    },
    subject: 'environment "staging"',
    paths: ["upkeep:alerting.receivers.default.slack.secret in Pulumi.staging.yaml"],
  },
  {
    mistake: "a difference that names nothing",
    change: (config) => {
      section(config, "differs").sizes = { "shop/order": "2Gi" };
    },
    subject: 'environment "staging"',
    paths: ["upkeep:differs.sizes in Pulumi.staging.yaml"],
  },
  {
    mistake: "a cluster without what a promise needs",
    change: (config) => {
      section(config, "features").kubeStateMetrics = false;
    },
    subject: 'environment "staging"',
    paths: ["upkeep:features.kubeStateMetrics in Pulumi.staging.yaml"],
  },
  {
    mistake: "a cluster without the metrics API that a declared autoscaler needs",
    change: (config) => {
      section(config, "features").metricsServer = false;
    },
    subject: 'service "shop"',
    paths: ["upkeep:features.metricsServer in Pulumi.staging.yaml"],
  },
  {
    mistake: "a shared Alertmanager in a cluster without prometheus-operator",
    change: (config) => {
      section(config, "features").prometheusOperator = false;
    },
    subject: 'environment "staging"',
    paths: ["upkeep:alerting.owner in Pulumi.staging.yaml"],
  },
  {
    mistake: "critical alerts that page, without a pager",
    change: (config) => {
      section(config, "alerting").pages = true;
      config["upkeep:services"] = ["shop"];
    },
    subject: 'service "shop"',
    paths: ["upkeep:alerting.receivers.default in Pulumi.staging.yaml"],
  },
  {
    mistake: "a service that is maintained and retired at once",
    change: (config) => {
      config["upkeep:retired"] = ["billing"];
    },
    subject: 'environment "staging"',
    paths: ["upkeep:retired in Pulumi.staging.yaml"],
  },
];

describe("the program, given what it must refuse", function () {
  this.timeout("2m");
  let folder: string;
  before(async () => {
    folder = await copyWith("upkeep-refused-", shop, billing);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** What it prints, after assertions that it failed and created nothing. */
  async function refusal(change: (config: Config) => void = () => {}): Promise<string> {
    const engine = new RecordingEngine();
    const { exitCode, all } = await runProgram(engine, {
      folder,
      change: (config) => {
        Object.assign(config, { "upkeep:services": ["shop", "billing"], "upkeep:differs": {} });
        change(config);
      },
    });
    assert.notEqual(exitCode, 0);
    assert.deepEqual(
      engine.registrations.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
      [],
    );
    return [...engine.complaints, all].join("\n");
  }

  for (const { mistake, change, subject, paths } of mistakes) {
    it(`refuses ${mistake}, and names it, before anything is created`, async () => {
      const said = await refusal(change);
      assert.ok(said.includes(`${subject} cannot be deployed:\n`), said);
      const faults = [...said.matchAll(/^- (.*?) is /gm)].map(([, path]) => path);
      assert.deepEqual([...new Set(faults)], paths, said);
    });
  }

  it("refuses a schedule that cannot keep its recovery point, with the arithmetic, before anything is created", async () => {
    const [orders] = keeping(shop, "orders").backups as [Backup];
    const hourly = { schedule: assumed("0 * * * *"), startingDeadline: "2m", deadline: "15m", survives: 1 } as const;
    const hasty: Service = {
      ...keeping(shop, "orders"),
      objectives: { ...shop.objectives, recoveryPoint: assumed("1h") },
      backups: [{ ...orders, ...hourly }],
    };
    await declareIn(folder, hasty);
    const said = await refusal();
    await declareIn(folder, shop);
    const message = `service "shop" cannot be deployed:
- backups[0].schedule is "0 * * * *", which can lose 2h 17m (longest gap 1h + the same to survive a failed run + starting deadline 2m + deadline 15m); allowed: less than the recovery point of 1h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point`;
    assert.ok(said.includes(message), said);
  });
});
