import { helm, kustomize, yaml } from "@pulumi/kubernetes";

/** A Helm chart and a kustomization at once: the same two CronJobs, one of which has one fault. */
const directory = "chart";

new helm.v4.Chart("v4", { chart: directory });
new helm.v3.Chart("v3", { path: directory });
new kustomize.v2.Directory("directory", { directory });
new yaml.v2.ConfigGroup("group", { files: [`${directory}/templates/*.yaml`] });
new yaml.v2.ConfigFile("file", { file: `${directory}/templates/cronjobs.yaml` });
new helm.v3.Release("release", { chart: directory, values: { database: "postgresql://shop:inline@database/orders" } });
