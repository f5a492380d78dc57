import { join } from "node:path";
import { stringify } from "yaml";
import { dashboard } from "../../../domain/dashboards/dashboard.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

/** The dashboard of a service that declares everything, so that a review shows what a change does to it. */
export const RECORD = join(import.meta.dirname, "shop.yaml");

const HEADER =
  "# The dashboard of the test service `shop` in prod. To write it again: node test/domain/dashboards/write.ts\n";

export function recorded(): string {
  // By way of JSON, as it is deployed: the SDK marks queries with a function.
  const model = JSON.parse(JSON.stringify(dashboard(shop, environmentOf("prod"))));
  return HEADER + stringify(model, { lineWidth: 0, aliasDuplicateObjects: false });
}
