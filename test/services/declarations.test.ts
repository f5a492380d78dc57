import assert from "node:assert/strict";
import { declarationFaults, sharedNameFaults } from "../../domain/declarationFaults.ts";
import { enabledServices } from "../../domain/environment/enabled.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { routeFaults } from "../../domain/routing/routeFaults.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";

describe("the services of this repository", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`can each be deployed to ${stack} where that enables it, and together`, async () => {
      const environment = environmentOf(stack);
      const enabled = enabledServices(await declaredServices(), environment.services);
      const services = enabled.map((service) => inEnvironment(service, environment));
      assert.ok(services.length > 0);
      for (const service of services) assert.deepEqual(declarationFaults(service, environment), [], service.name);
      assert.deepEqual([...sharedNameFaults(services), ...routeFaults(environment, services)], []);
    });
  }
});
