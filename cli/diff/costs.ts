import type { Posture } from "../../domain/posture.ts";
import { seconds } from "../../domain/values/duration.ts";
import { longestGap, parseSchedule } from "../../domain/values/schedule.ts";
import type { Cost } from "./report.ts";

/** What is counted, by the types of its resources. */
const counted: Record<string, (type: string) => boolean> = {
  "Kubernetes objects": (type) => type.startsWith("kubernetes:"),
  "S3 buckets": (type) => type === "aws:s3/bucket:Bucket",
  "KMS keys": (type) => type === "aws:kms/key:Key",
};

export interface Side {
  /** The types of all resources. */
  types: string[];
  posture: Posture | undefined;
}

/** The numbers that change. */
export function costChanges(before: Side, after: Side): Cost[] {
  const resources = Object.entries(counted).map(([what, is]) => ({
    what,
    before: before.types.filter(is).length,
    after: after.types.filter(is).length,
  }));
  const copies = { what: "stored copies", before: storedCopies(before.posture), after: storedCopies(after.posture) };
  return [...resources, copies].filter((cost) => cost.before !== cost.after);
}

/** About how many backups are kept at a time: by tier one for each of its periods, but not more than there are runs. */
function storedCopies(posture: Posture | undefined): number {
  const backups = posture?.services.flatMap((service) => service.backups) ?? [];
  return backups.map(({ keep, schedule }) => copies(keep, gap(schedule))).reduce((sum, count) => sum + count, 0);
}

const periods: Record<string, number> = { hourly: 3600, daily: 86_400, weekly: 604_800, monthly: 2_678_400 };

function copies(keep: string, between: number): number {
  return keep
    .split(", ")
    .map((part) => {
      const [kept = "", tier = ""] = part.split(" ").reverse();
      return Math.ceil(seconds(kept) / Math.max(periods[tier] ?? 0, between));
    })
    .reduce((sum, count) => sum + count, 0);
}

function gap(schedule: string): number {
  return longestGap(parseSchedule(schedule));
}
