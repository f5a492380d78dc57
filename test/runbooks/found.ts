import type { Sandbox } from "../support/sandbox.ts";

/** Labels of an alert, by their names. */
export type Labels = Record<string, string>;

/** What a runbook's reader looks up, because no label of the alert has it: by the text of the placeholder. */
export const found: Record<string, (sandbox: Sandbox, labels: Labels) => string | Promise<string>> = {
  "the backup's job": ({ kubectl }, labels) => jobOf(kubectl, labels, "-backup"),
  "the monitor's job": ({ kubectl }, labels) => jobOf(kubectl, labels, "-health"),
  "newest job": ({ kubectl }, labels) => newestJob(kubectl, labels),
  "failed job": ({ kubectl }, labels) => newestJob(kubectl, labels),
  "the job's newest run": async ({ kubectl }, labels) =>
    newestJob(kubectl, { ...labels, cronjob: await jobOf(kubectl, labels, "-backup") }),
  bucket: ({ kubectl }, labels) => written(kubectl, labels, "BUCKET"),
  prefix: ({ kubectl }, labels) => written(kubectl, labels, "PREFIX"),
  pod: ({ kubectl }, labels) => aPod(kubectl, labels),
  "pod that is not ready": ({ kubectl }, labels) => aPod(kubectl, labels),
  workload: ({ kubectl }, labels) => first(kubectl, labels, "deployments"),
  "the workload's labels": ({ kubectl }, { namespace = "", workload = "" }) =>
    kubectl(
      "--namespace",
      namespace,
      "get",
      "deployment",
      workload,
      "--output=jsonpath=app={.spec.template.metadata.labels.app}",
    ),
  secret: ({ kubectl }, labels) => first(kubectl, labels, "secrets"),
  persistentvolumeclaim: ({ kubectl }, labels) => first(kubectl, labels, "persistentvolumeclaims"),
  "watched's namespace": () => "mplp-production",
};

type Kubectl = Sandbox["kubectl"];

async function jobOf(kubectl: Kubectl, { namespace = "" }: Labels, part: string): Promise<string> {
  const names = await kubectl(
    "--namespace",
    namespace,
    "get",
    "cronjobs",
    "--output=jsonpath={.items[*].metadata.name}",
  );
  const name = names.split(" ").find((one) => one.includes(part));
  if (!name) throw new Error(`${namespace} has no CronJob with ${part} in its name, only ${names}`);
  return name;
}

/** The newest Job that completed: of the alert's CronJob or, if that has not run yet, of any. */
async function newestJob(kubectl: Kubectl, { namespace = "", cronjob = "" }: Labels): Promise<string> {
  const completed = async (...of: string[]) => {
    const names = await kubectl(
      ...["--namespace", namespace, "get", "jobs", "--field-selector=status.successful=1", ...of],
      ...["--sort-by=.metadata.creationTimestamp", "--output=jsonpath={.items[*].metadata.name}"],
    );
    return names.split(" ").at(-1);
  };
  const name = (await completed(`--selector=upkeep/job=${cronjob}`)) || (await completed());
  if (!name) throw new Error(`no Job of ${namespace} has completed`);
  return name;
}

async function written(kubectl: Kubectl, labels: Labels, variable: string): Promise<string> {
  const [container] = [`{.spec.jobTemplate.spec.template.spec.containers[*].env[?(@.name=="${variable}")].value}`];
  const job = await jobOf(kubectl, labels, "-backup");
  return kubectl("--namespace", labels.namespace as string, "get", "cronjob", job, `--output=jsonpath=${container}`);
}

function first(kubectl: Kubectl, { namespace = "" }: Labels, kind: string): Promise<string> {
  return kubectl("--namespace", namespace, "get", kind, "--output=jsonpath={.items[0].metadata.name}");
}

function aPod(kubectl: Kubectl, { namespace = "" }: Labels): Promise<string> {
  return kubectl(
    ...["--namespace", namespace, "get", "pods", "--field-selector=status.phase=Running"],
    "--output=jsonpath={.items[0].metadata.name}",
  );
}
