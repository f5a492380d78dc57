import { z } from "zod";
import type { Posture } from "../../domain/posture.ts";
import type { Engine } from "../engine.ts";
import type { Base } from "./base.ts";

const ROOT = "pulumi:pulumi:Stack";

const Exported = z.looseObject({
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() }))
      .default([]),
  }),
});

/** What a stack really has: its state in place of the one that a commit's preview would make, and the promises that it was deployed with. */
export async function liveBase(engine: Engine, stack: string, base: Base): Promise<Base> {
  const exported = await engine.ask(["stack", "export", "--stack", stack], { maxBuffer: 2 ** 30 });
  const { deployment } = Exported.parse(JSON.parse(exported));
  const posture = deployment.resources.find(({ type }) => type === ROOT)?.outputs?.posture as Posture | undefined;
  const { posture: _, ...rest } = base;
  return { ...rest, resources: deployment.resources, ...(posture && { posture }) };
}
