import assert from "node:assert/strict";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { enabledServices } from "../../domain/environment/enabled.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { declaredServices } from "../../services/index.ts";
import { assertLinked, withGrafana } from "../components/linkedAlerts.ts";
import { registered } from "../components/resources.ts";
import { violations } from "../policies/violations.ts";
import { environmentOf } from "../support/environment.ts";

describe("the services of this repository", function () {
  this.timeout("2m");
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`have nothing that a policy refuses, and alerts that link to their dashboards, in ${stack}`, async () => {
      const environment = withGrafana(environmentOf(stack));
      const enabled = enabledServices(await declaredServices(), environment.services);
      const services = enabled.map((service) => inEnvironment(service, environment));
      const resources = await registered(() => {
        for (const service of services) new MaintainedService(service.name, { environment, service });
        new AlertRoutes("alert-routes", { environment, services });
        new PlatformAlerts("platform-alerts", { environment, services });
      });
      assert.ok(resources.length > services.length);
      assert.deepEqual(violations(resources), []);
      // Here, for it takes seconds to make all services again.
      assertLinked(
        resources,
        services.map(({ name }) => name),
      );
    });
  }
});
