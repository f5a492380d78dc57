import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { type Registered, registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, shop } from "../support/shop.ts";

/** All that a stack of two services is made of, which have each kind of datastore between them. @param changes of its settings */
export function resourcesOf(stack: string, changes: Record<string, unknown> = {}): Promise<Registered[]> {
  const environment = environmentOf(stack, changes);
  const services = [shop, billing].map((service) => inEnvironment(service, environment));
  return registered(() => {
    for (const service of services) new MaintainedService(service.name, { environment, service });
    new AlertRoutes("alert-routes", { environment, services });
    new PlatformAlerts("platform-alerts", { environment, services });
  });
}
