import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { engineIn, selectStack } from "../../cli/engine.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { deployment, type Workload } from "../../domain/declaration/workload.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { tool } from "../../sandbox/tools/index.ts";
import { kubeconfig, newNamespace } from "../../standins/test/kubernetes/cluster.ts";

export interface Outcome {
  exitCode: number | undefined;
  /** All that was printed. */
  text: string;
}

/** The program as it is, for one small service in a namespace of its own instead of the five, with a state of its own. */
export interface Shop {
  namespace: string;
  up(...workloads: Workload[]): Promise<Outcome>;
  preview(...workloads: Workload[]): Promise<Outcome>;
  remove(): void;
}

/** The shop's workload `web`, scaled and kept through drains. */
export const web = deployment("web", {
  pods: { app: "web" },
  autoscale: { min: assumed(2), max: assumed(5), cpu: assumed("70%") },
  maxUnavailable: assumed(1),
});

export async function newShop(): Promise<Shop> {
  const namespace = await newNamespace();
  const folder = mkdtempSync(join(tmpdir(), "upkeep-shop-"));
  for (const part of ["package.json", "Pulumi.yaml", "index.ts", "components", "domain", "programs"]) {
    cpSync(join(clone, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(clone, "node_modules"), join(folder, "node_modules"));
  const providers = join(folder, "components/providers.ts");
  writeFileSync(providers, withoutAws(readFileSync(providers, "utf8")));
  writeFileSync(join(folder, "Pulumi.sandbox.yaml"), configuration(namespace));
  mkdirSync(join(folder, "services"));
  cpSync(join(clone, "services/index.ts"), join(folder, "services/index.ts"));

  const engine = await engineIn(join(folder, ".engine"));
  const pulumi = await tool("pulumi");
  const run = async (workloads: Workload[], ...args: string[]): Promise<Outcome> => {
    writeFileSync(join(folder, "services/shop.ts"), declaration(namespace, workloads));
    const result = await execa(pulumi, [...args, "--stack", "sandbox", "--color", "never"], {
      cwd: folder,
      env: engine.environment,
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
    });
    return { exitCode: result.exitCode, text: result.all };
  };
  await selectStack({ ...engine, ask: (args) => engine.ask(args, { cwd: folder }) }, "sandbox");
  return {
    namespace,
    up: (...workloads) => run(workloads, "up", "--yes", "--skip-preview"),
    preview: (...workloads) => run(workloads, "preview"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The shop keeps nothing, so it needs no S3; the provider would look for one all the same. */
function withoutAws(program: string): string {
  const without = program.replace(/ {4}new aws\.Provider\([\s\S]*?\n {4}\}\),\n/, "");
  if (without === program) throw new Error("components/providers.ts declares no aws provider where it did");
  return without;
}

function configuration(namespace: string): string {
  const { config, ...rest } = parse(readFileSync(join(clone, "Pulumi.sandbox.yaml"), "utf8"));
  const { "upkeep:differs": _, ...settings } = config;
  return stringify({
    ...rest,
    config: {
      ...settings,
      "upkeep:services": ["shop"],
      "upkeep:kubernetes": { context: "sandbox", kubeconfig },
      // Each shop with an Alertmanager's configuration of its own.
      "upkeep:alerting": { ...config["upkeep:alerting"], namespace },
    },
  });
}

function declaration(namespace: string, workloads: Workload[]): string {
  const shop: Service = {
    name: "shop",
    namespace,
    owner: { team: "shop" },
    indicators: {},
    objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
    workloads,
    datastores: [],
    endpoints: [],
    backups: [],
    alerts: [],
    windows: [],
    notify: { critical: ["pagerduty"], warning: ["slack"], info: [] },
  };
  return `export const shop = ${JSON.stringify(shop)};\n`;
}
