import { bothFaults, sharedNameFaults } from "../../../domain/declarationFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import { billing } from "../../support/shop.ts";
import type { Room } from "../room.ts";

export const room: Room = {
  title: "Services together (domain/*.ts, components)",
  sources: ["domain/*.ts", "components/*.ts", "components/!(scaling)/**/*.ts", "index.ts"],
  examples: [
    {
      code: "service-maintained-and-retired",
      faults: () => bothFaults({ ...environmentOf("prod"), services: ["shop"], retired: ["shop"] }),
    },
    { code: "name-shared", faults: () => sharedNameFaults([billing, { ...billing, namespace: "elsewhere" }]) },
    { code: "name-shared", faults: () => sharedNameFaults([billing, { ...billing, name: "invoices" }]) },
  ],
};
