import assert from "node:assert/strict";
import { type Autoscale, daemonSet, deployment, type Workload } from "../../../domain/declaration/workload.ts";
import { placed } from "../../../domain/environment/placed.ts";
import { autoscaleFaults, utilization } from "../../../domain/scaling/autoscale.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";

const environment = environmentOf("prod");

const declared = deployment("web", {
  pods: { app: "web" },
  autoscale: { min: assumed(3), max: assumed(10), cpu: assumed("70%") },
  maxUnavailable: assumed(1),
});

const messages = (...workloads: Workload[]) => autoscaleFaults({ ...mplp, workloads }, environment).map(faultMessage);

const scaled = (changes: object) => ({ ...declared, autoscale: { ...declared.autoscale, ...changes } }) as Workload;

describe("a workload's autoscaler and budget", () => {
  it("are accepted as MPLP declares them, in every environment", () => {
    for (const stack of ["prod", "staging", "sandbox"]) {
      const its = environmentOf(stack);
      assert.deepEqual(autoscaleFaults(placed(mplp, its), its), []);
    }
  });

  it("are not asked of a workload that is only watched", () => {
    assert.deepEqual(messages(daemonSet("agent"), deployment("web"), deployment("web")), []);
  });

  const refused: [name: string, workload: Workload, message: string][] = [
    [
      "a max below min",
      scaled({ max: assumed(2) }),
      'workloads "web".autoscale.max is 2; allowed: a whole number, 3 (its min) or more. Fix: raise it, or lower min, in the declaration, or for one environment in upkeep:differs.autoscale',
    ],
    [
      "a max that is no whole number",
      scaled({ max: assumed(4.5) }),
      'workloads "web".autoscale.max is 4.5; allowed: a whole number, 3 (its min) or more. Fix: raise it, or lower min, in the declaration, or for one environment in upkeep:differs.autoscale',
    ],
    [
      "a min of 0",
      { ...scaled({ min: assumed(0) }), maxUnavailable: undefined } as unknown as Workload,
      'workloads "web".autoscale.min is 0; allowed: a whole number, 1 or more. Fix: set it in the declaration, or for one environment in upkeep:differs.autoscale',
    ],
    ...["70", "0%", "101%", "70.5%", "70 %", "70%%"].map((cpu): [string, Workload, string] => [
      `a use of CPU of "${cpu}"`,
      scaled({ cpu: assumed(cpu) }),
      `workloads "web".autoscale.cpu is "${cpu}"; allowed: a whole number from 1 to 100 with a percent sign. Fix: write for example "70%"`,
    ]),
    [
      "an autoscaled DaemonSet",
      { ...declared, kind: "DaemonSet", maxUnavailable: undefined } as unknown as Workload,
      'workloads "web".autoscale is that of a DaemonSet; allowed: a Deployment or a StatefulSet: a DaemonSet has one pod on each node. Fix: remove autoscale, or correct the kind',
    ],
    [
      "a budget for a DaemonSet",
      daemonSet("web", { pods: { app: "web" }, maxUnavailable: assumed(1) }),
      'workloads "web".maxUnavailable is that of a DaemonSet; allowed: a Deployment or a StatefulSet: a drain leaves a DaemonSet\'s pods alone. Fix: remove maxUnavailable, or correct the kind',
    ],
    [
      "a budget without labels of pods",
      deployment("web", { maxUnavailable: assumed(1) }),
      'workloads "web".pods is missing; allowed: labels that select its pods and no others, where maxUnavailable is set. Fix: add for example pods: { app: "web" }',
    ],
    [
      "a budget with no label, which would select every pod of the namespace",
      { ...declared, pods: {} },
      'workloads "web".pods is missing; allowed: labels that select its pods and no others, where maxUnavailable is set. Fix: add for example pods: { app: "web" }',
    ],
    [
      "a budget of 0",
      { ...declared, maxUnavailable: assumed(0) },
      'workloads "web".maxUnavailable is 0; allowed: a whole number, 1 or more: with 0 no node that runs such a pod can ever be drained. Fix: write 1',
    ],
    [
      "a budget of all pods",
      { ...declared, maxUnavailable: assumed(3) },
      'workloads "web".maxUnavailable is 3; allowed: less than autoscale.min, which is 3: else one drain may take every pod. Fix: raise min in the declaration, or for one environment in upkeep:differs.autoscale',
    ],
  ];
  for (const [name, workload, message] of refused) {
    it(`refuse ${name}`, () => assert.deepEqual(messages(workload), [message]));
  }

  it("accept bounds that are the same, and any whole share of CPU", () => {
    assert.deepEqual(messages(scaled({ max: assumed(3) })), []);
    for (const cpu of ["1%", "5%", "99%", "100%"]) assert.deepEqual(messages(scaled({ cpu: assumed(cpu) })), [], cpu);
  });

  it("hold the share of CPU as a number of percent", () => {
    const cpu = (text: string) => utilization(scaled({ cpu: assumed(text) }).autoscale as Autoscale);
    assert.deepEqual(["5%", "70%", "100%"].map(cpu), [5, 70, 100]);
  });

  it("accept two workloads of two names", () => {
    assert.deepEqual(messages(declared, { ...declared, name: "worker", pods: { app: "worker" } }), []);
  });

  it("accept a budget of all pods but one", () => {
    assert.deepEqual(messages({ ...declared, maxUnavailable: assumed(2) }), []);
  });

  it("refuse two workloads of one name: their objects would have one name too", () => {
    assert.deepEqual(messages(declared, { ...declared, kind: "StatefulSet" }), [
      'workloads is with "web" twice, both with autoscale or maxUnavailable; allowed: each such name once: the autoscaler and the budget are named as their workload. Fix: leave both out for one of the two',
    ]);
  });

  it("refuse an autoscaler where the cluster has no metrics API, and accept a budget alone", () => {
    const features = { ...(settingsOf("prod").features as object), metricsServer: false };
    const without = environmentOf("prod", { features });
    const faults = (workload: Workload) =>
      autoscaleFaults({ ...mplp, workloads: [workload] }, without).map(faultMessage);
    assert.deepEqual(faults(declared), [
      "upkeep:features.metricsServer in Pulumi.prod.yaml is false; allowed: true where a workload is autoscaled (web): without the metrics API no autoscaler acts, and nothing takes its place. Fix: install metrics-server and run pulumi config set --path upkeep:features.metricsServer true --stack prod, or leave out autoscale",
    ]);
    const both = { ...mplp, workloads: [declared, { ...declared, name: "worker" }] };
    assert.match(autoscaleFaults(both, without).map(faultMessage).join(), / \(web, worker\): without the metrics API/);
    assert.deepEqual(faults(deployment("web", { pods: { app: "web" }, maxUnavailable: assumed(1) })), []);
  });
});
