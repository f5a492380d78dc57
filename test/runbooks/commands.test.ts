import assert from "node:assert/strict";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AlertRule, RuleGroup } from "../../domain/prometheus/rules.ts";
import { apiserverUrl, kubeconfigFile } from "../../sandbox/parts/kubeconfig.ts";
import { tool } from "../../sandbox/tools/index.ts";
import { renderedRules } from "../rules/rendered.ts";
import { type Block, blocks, blocksOf, commands, placeholder, runbooks } from "../support/runbooks.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { freePort, type Server, startServer } from "../support/servers/server.ts";
import { found, type Labels } from "./found.ts";
import { notRun } from "./notRun.ts";

const pages = [
  ...runbooks().map((alert) => ({ alert, shell: shell(blocks(alert)) })),
  // Its labels are those of no alert in particular.
  { alert: "docs/restore-now.md", shell: shell(blocksOf("docs/restore-now.md")) },
];

function shell(all: Block[]): string[] {
  return all.flatMap(({ language, text }) => {
    if (language === "sh") return commands(text);
    return language === "sql" ? [`psql <<'SQL'\n${text}SQL`] : [];
  });
}

/** Clients of the servers that the alert is about, here MPLP's; that no line matches is an answer of grep too. */
const CLIENTS = `
redis-cli() { kubectl --namespace mplp-production exec redis-0 -- redis-cli "$@"; }
psql() { kubectl --namespace mplp-production exec --stdin postgresql-0 -- psql --username=postgres --set=ON_ERROR_STOP=1; }
grep() { command grep "$@" || [ $? = 1 ]; }
`;

/** Whether a command is one that the sandbox cannot answer. */
const lacks = (command: string) => Object.keys(notRun).find((start) => command.startsWith(start));

describe("the commands and queries of each runbook, with the alert's labels put in,", function () {
  this.timeout("4m");
  let sandbox: Sandbox;
  let rules: Labels[];
  let endpoint: HttpServer;
  /** Makes the cluster's Services reachable here, as a person would. */
  let proxy: Server;
  const made: { namespace: string; job: string }[] = [];

  before(async () => {
    sandbox = await sandboxUnderTest();
    endpoint = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
    rules = [...(await deployedAlerts(sandbox)), ...(await renderedRules("prod")).alerts.map(labelled)];
    const port = await freePort();
    const kubeconfig = kubeconfigFile(sandbox.settings);
    const options = [`--kubeconfig=${kubeconfig}`, "proxy", `--port=${port}`];
    proxy = await startServer(await tool("kubectl"), options, `http://127.0.0.1:${port}`, "/healthz");
  });
  after(async () => {
    endpoint?.close();
    await proxy?.kill();
    for (const { namespace, job } of made)
      await sandbox.kubectl("--namespace", namespace, "delete", "job", job, "--wait=false");
  });

  for (const { alert, shell } of pages.filter(({ shell }) => shell.some((command) => !lacks(command)))) {
    it(`${alert}: run`, async () => {
      const labels = labelsOf(alert);
      for (const command of shell.filter((one) => !lacks(one))) {
        const filled = await fill(command, labels);
        const printed = await sandbox.run("bash", ["-o", "pipefail", "-ec", `${CLIENTS}\n${filled}`]);
        const [, job] = /^job\.batch\/(\S+) created$/m.exec(printed) ?? [];
        if (!job) continue;
        made.push({ namespace: labels.namespace as string, job });
        // The next one of the page is named by the second.
        await sleep(1000);
      }
    });
  }

  it("start runs that the alerts of their job know", () => {
    assert.ok(made.length >= 5, `only ${made.length} commands started a Job`);
    const known = rules.flatMap(({ expr = "" }) =>
      [...expr.matchAll(/job_name=~"([^"]+)"/g)].map(([, names]) => names),
    );
    assert.deepEqual(
      made.filter(
        ({ job }) => !job.includes("-alert-test-") && !known.some((names) => new RegExp(`^${names}$`).test(job)),
      ),
      [],
    );
  });

  it("are left out only where the sandbox lacks what they ask", () => {
    const all = pages.flatMap(({ shell }) => shell);
    assert.deepEqual(
      Object.keys(notRun).filter((start) => !all.some((command) => command.startsWith(start))),
      [],
    );
  });

  /** Those of the deployed rule, or of prod's where the sandbox lacks its exporter; of one that the monitor or a person posts, those of MPLP. */
  function labelsOf(alert: string): Labels {
    const rule = rules.find(({ alertname }) => alertname === alert);
    const { port } = endpoint.address() as AddressInfo;
    const api = new URL(apiserverUrl(sandbox.settings));
    return {
      ...{ service: "mplp", namespace: "mplp-production", environment: "sandbox", endpoint: "api" },
      ...{ instance: `http://127.0.0.1:${port}`, host: api.hostname, port: api.port },
      "one of upkeep:monitoring.alertmanagers": `${proxy.address}/api/v1/namespaces/monitoring/services/alertmanager-operated:main/proxy`,
      ...rule,
    };
  }

  async function fill(command: string, labels: Labels): Promise<string> {
    let filled = command;
    for (const [whole, name = ""] of command.matchAll(placeholder)) {
      const value = labels[name] ?? (await found[name]?.(sandbox, labels));
      assert.ok(
        value,
        `${whole} in "${command}" is no label of the alert, and test/runbooks/found.ts does not look it up`,
      );
      filled = filled.replace(whole, value);
    }
    return filled;
  }
});

/** Labels of the alerts of all deployed rules, with their names and expressions. */
async function deployedAlerts({ kubectl }: Sandbox): Promise<Labels[]> {
  const { items } = JSON.parse(await kubectl("get", "prometheusrules", "--all-namespaces", "--output=json")) as {
    items: { spec: { groups: RuleGroup[] } }[];
  };
  return items.flatMap(({ spec }) =>
    spec.groups.flatMap((group) => group.rules.flatMap((rule) => ("alert" in rule ? [labelled(rule)] : []))),
  );
}

function labelled({ alert, expr, labels }: AlertRule): Labels {
  return { ...labels, alertname: alert, expr };
}
