import * as pulumi from "@pulumi/pulumi";
import { passed } from "../../../components/passing.ts";
import { type Service, serviceSchema } from "../../../domain/declaration/service.ts";
import {
  maintainedAndRetiredFaults,
  sharedNameFaults,
  withoutServicesFaults,
} from "../../../domain/declarationFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import { refusal } from "../../support/refused.ts";
import { billing, shop } from "../../support/shop.ts";
import type { Room } from "../room.ts";

export const room: Room = {
  title: "Services together (domain/*.ts, components)",
  sources: ["domain/*.ts", "components/*.ts", "components/!(scaling)/**/*.ts", "index.ts"],
  examples: [
    {
      code: "output-not-allowed",
      faults: () =>
        refusal(() => passed<Service>('service "shop"', serviceSchema, { ...shop, namespace: pulumi.output("shop") })),
    },
    {
      code: "service-maintained-and-retired",
      faults: () => maintainedAndRetiredFaults({ ...environmentOf("prod"), services: ["shop"], retired: ["shop"] }),
    },
    {
      code: "no-service",
      faults: () => withoutServicesFaults({ ...environmentOf("prod"), services: [], retired: [] }),
    },
    { code: "name-shared", faults: () => sharedNameFaults([billing, { ...billing, namespace: "elsewhere" }]) },
    { code: "name-shared", faults: () => sharedNameFaults([billing, { ...billing, name: "invoices" }]) },
  ],
};
