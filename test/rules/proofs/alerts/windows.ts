import { DAY, seconds } from "../../../../domain/values/duration.ts";
import { isOpen } from "../../../support/openings.ts";
import type { Clock, Subject } from "../proof.ts";

/** From 1970 until a Saturday fell on the seventh of a month, and one on the eighth. */
const MONTHS = 221;

/** Each change of the window's state, and the evaluation before it. */
export function maintenanceWindow({ rule: { labels }, service }: Subject): Clock {
  const window = service?.windows.find(({ name }) => name === labels.window);
  if (!window) throw new Error(`${labels.service} declares no window ${labels.window}`);
  const wholeHours = window.at.value.endsWith(":00") && seconds(window.lasts.value) % 3600 === 0;
  const step = wholeHours ? 3600 : 60;
  const days = "first" in window.on ? MONTHS : wholeHours ? 15 : 2;
  const open = (at: number) => isOpen(window, new Date(at * 1000));
  const moments = Array.from({ length: (days * DAY) / step }, (_, index) => index * step)
    .filter((at) => at > 0 && (open(at) !== open(at - step) || open(at) !== open(at + step)))
    .map((at) => ({ at, fires: open(at) }));
  // Other days too, while the clock shows the time of the window: a fortnight of them, then each eighth of a month.
  const [hours, minutes] = window.at.value.split(":").map(Number) as [number, number];
  const others = Array.from({ length: days }, (_, day) => day * DAY + hours * 3600 + minutes * 60)
    .filter((at) => at < 15 * DAY || new Date(at * 1000).getUTCDate() === 8)
    .map((at) => ({ at, fires: open(at) }));
  return { step, moments: [...moments, ...others] };
}
