import { join } from "node:path";
import { type SecondSandbox, secondSandbox } from "../support/secondSandbox.ts";
import { edit } from "./edit.ts";
import { type Form, kubeconfigs } from "./kubeconfigs.ts";

/** The sandbox of all tests here, on the vendor's own Kubernetes provider. */
export let sandbox: SecondSandbox;

/** What leads to its cluster; the stack's settings do not. */
export let forms: Record<Form, Record<string, string>>;

before("start a sandbox", async function () {
  this.timeout("6m");
  process.env.PROVIDERS = "vendor-kubernetes";
  sandbox = await secondSandbox("10", (folder) => edit(folder, "Pulumi.sandbox.yaml", /^ +kubeconfig: .*\n/m, ""));
  forms = kubeconfigs(join(sandbox.folder, ".sandbox/kubeconfig"), join(sandbox.folder, "kubeconfigs"));
});

after("remove the sandbox", async function () {
  this.timeout("2m");
  delete process.env.PROVIDERS;
  await sandbox?.remove();
});
