import type { ResourceValidationPolicy } from "@pulumi/policy";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { backupFailsLoudly } from "../../policies/backup-fails-loudly.ts";
import { cronjobEndsAndStarts } from "../../policies/cronjob-ends-and-starts.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { noInlineSecret } from "../../policies/no-inline-secret.ts";
import { podRestricted } from "../../policies/pod-restricted.ts";
import { quantityAndZoneValid } from "../../policies/quantity-and-zone-valid.ts";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import { judge } from "../policies/judge.ts";
import type { WildFile } from "./objects.ts";

/** The policies that say something of others' Kubernetes objects. */
export const judges: readonly ResourceValidationPolicy[] = [
  alertWellFormed,
  backupFailsLoudly,
  cronjobEndsAndStarts,
  imagePinned,
  noInlineSecret,
  podRestricted,
  quantityAndZoneValid,
  recoveryPointKept,
];

export interface Finding {
  /** Module, file, kind and name. */
  object: string;
  type: string;
  policy: string;
  code: string;
  path: string;
  /** Whether it ends the preview of a stack that has the object. */
  refuses: boolean;
}

/** What the policies find in published files. @throws where one says anything but faults */
export function findingsIn(files: readonly WildFile[]): Finding[] {
  return files.flatMap((file) =>
    file.objects.flatMap(({ type, name, fields }) =>
      judges.flatMap((policy) =>
        judge(policy, type, fields, "anyone").flatMap(({ faults, enforcementLevel, message }) => {
          if (faults === undefined) throw new Error(`${file.path} ${name}: ${message}`);
          return faults.map(({ code, path }) => ({
            ...{ object: `${file.module} ${file.path} ${name}`, type, policy: policy.name, code, path },
            refuses: enforcementLevel === undefined,
          }));
        }),
      ),
    ),
  );
}

/** Objects in which the same is found. */
export interface Group {
  objects: string[];
  /** By policy, the paths; those in one container, rule or pod are written as one: `spec.containers[name=a].{image,ports[0].hostPort}`. */
  findings: Record<string, string[]>;
}

/** Findings as expected.yaml has them. */
export function grouped(findings: readonly Finding[]): Group[] {
  const byObject = Map.groupBy(findings, ({ object }) => object);
  const entries = [...byObject].map(([object, found]) => {
    const byPolicy = Map.groupBy(found, ({ policy }) => policy);
    return { object, found: Object.fromEntries([...byPolicy].map(([policy, all]) => [policy, folded(all)])) };
  });
  return [...Map.groupBy(entries, ({ found }) => JSON.stringify(found)).values()].map((alike) => ({
    objects: alike.map(({ object }) => object).sort(),
    findings: alike[0]?.found ?? {},
  }));
}

function folded(findings: readonly Finding[]): string[] {
  const split = findings.map(({ path }) => /^(.*\]|.*?\bspec(?=\.)|)\.?(.*)$/.exec(path) ?? [path, "", path]);
  return [...Map.groupBy(split, ([, place]) => place)].map(([place, parts]) => {
    const fields = [...new Set(parts.map(([, , field]) => field))].sort();
    return `${place}${place && ":"} ${fields.join(" ")}`.trim();
  });
}
