import { parseArgs } from "node:util";
import { serverAddress } from "./common/address.ts";
import { declared } from "./declared.ts";
import { knownStack, previewedResources } from "./preview.ts";
import { renderedRules } from "./renderedRules.ts";
import { api } from "./verify/api.ts";
import type { Finding } from "./verify/finding.ts";
import { probeFindings } from "./verify/probes.ts";
import { routeFindings } from "./verify/routes.ts";
import { ruleFindings } from "./verify/rules.ts";
import { seriesFindings } from "./verify/series.ts";
import { serverFindings } from "./verify/server.ts";
import { upstreamFindings } from "./verify/upstream.ts";

/**
 * `make verify STACK=… PROMETHEUS=… ALERTMANAGER=…`: asks a live Prometheus and Alertmanager whether they have loaded what the stack
 * declares, and whether every series that its rules select exists. Prints what is not so, and fails then.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { prometheus: { type: "string" }, alertmanager: { type: "string" } },
    allowPositionals: true,
  });
  const stack = await knownStack("verify", positionals[0]);
  const example = `Try: make verify STACK=${stack} PROMETHEUS=http://localhost:9090 ALERTMANAGER=http://localhost:9093`;
  const prometheus = api("Prometheus", serverAddress("PROMETHEUS", values.prometheus, example));
  const alertmanager = api("Alertmanager", serverAddress("ALERTMANAGER", values.alertmanager, example));
  const { environment, maintained } = await declared(stack);
  const resources = await previewedResources(stack);
  const groups = renderedRules(resources);
  const findings = [
    ...(await ruleFindings(prometheus, groups)),
    ...(await probeFindings(prometheus, resources)),
    ...(await seriesFindings(prometheus, groups)),
    ...(await serverFindings(prometheus, environment.monitoring.retention)),
    ...(environment.features.kubePrometheusRules ? await upstreamFindings(prometheus) : []),
    ...(await routeFindings(alertmanager, environment, maintained)),
  ];
  for (const { what, got, fix } of findings) process.stdout.write(`${what}: ${got}. Fix: ${fix}\n`);
  const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
  process.stdout.write(`${rules} rules of ${groups.length} groups; ${counted(findings)}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

function counted({ length }: Finding[]): string {
  if (length === 0) return "all is as declared";
  return length === 1 ? "1 thing is not as declared" : `${length} things are not as declared`;
}
