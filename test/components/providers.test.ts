import assert from "node:assert/strict";
import { environmentProviders } from "../../components/providers.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { environmentOf } from "../support/environment.ts";
import { registered } from "./resources.ts";

const environment = environmentOf("prod");

describe("the Kubernetes provider", () => {
  const KUBECONFIG = process.env.KUBECONFIG;
  before(() => {
    process.env.KUBECONFIG = "/home/me/.kube/config:/home/me/other";
  });
  after(() => {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  });
  const inputs = async (kubernetes: Partial<Environment["kubernetes"]> = {}) => {
    const all = await registered(() => {
      environmentProviders({ ...environment, kubernetes: { ...environment.kubernetes, ...kubernetes } });
    });
    return all.find(({ type }) => type === "pulumi:providers:kubernetes")?.inputs;
  };

  it("has nothing of KUBECONFIG in its inputs, which are in the state, but reads it itself", async () => {
    assert.equal((await inputs())?.kubeconfig, "");
  });

  it("takes the fields that others changed, in previews too", async () => {
    assert.equal((await inputs())?.enablePatchForce, "true");
  });

  it("has the path that the environment declares", async () => {
    assert.equal((await inputs({ kubeconfig: "~/.kube/prod" }))?.kubeconfig, "~/.kube/prod");
  });
});
