import { formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { longestGap, parseSchedule } from "../values/schedule.ts";
import type { Shape } from "../values/shape.ts";
import { promiseReadable, RECOVERY_POINT, scheduleReadable } from "./recoveryPoint.ts";

/** The part of Velero's Schedule (velero.io/v1) that the rule reads. */
export interface VeleroSchedule {
  metadata?: { annotations?: Record<string, string> };
  spec?: { schedule?: string; paused?: boolean };
}

export const veleroScheduleShape: Shape = {
  metadata: { annotations: { "*": "text" } },
  spec: { schedule: "text", paused: "boolean" },
};

/** Faults by which a Schedule cannot keep the recovery point that its annotation promises; none without that. */
export function veleroScheduleFaults(object: VeleroSchedule): Fault[] {
  const promised = object.metadata?.annotations?.[RECOVERY_POINT];
  if (promised === undefined) return [];
  const { schedule = "", paused } = object.spec ?? {};
  const unreadable = [...promiseReadable(object), ...scheduleReadable(object)];
  const fix = "remove it: a paused Schedule makes no backup";
  return [
    ...(paused === true ? [{ code: "suspended-backup", path: "spec.paused", got: "true", allowed: "false", fix }] : []),
    ...(unreadable.length > 0 ? unreadable : missed(schedule, promised)),
  ];
}

/** The gap alone: a Schedule has no deadlines, so that it says nothing of how late a backup starts and how long it takes. */
function missed(schedule: string, promised: string): Fault[] {
  const gap = longestGap(parseSchedule(schedule));
  if (gap < seconds(promised)) return [];
  return [
    {
      code: "recovery-point-missed",
      path: "spec.schedule",
      got: `"${schedule}", which can lose ${formatSeconds(gap)} and the time that a backup takes`,
      allowed: `less than the recovery point of ${promised}`,
      fix: "run it more often, or promise a longer recovery point",
    },
  ];
}
