import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Service } from "../domain/declaration/service.ts";
import type { Environment } from "../domain/environment/environment.ts";
import { channelsFor, mutedInWindows } from "../domain/routing/routes.ts";
import { DAY, formatSeconds, seconds } from "../domain/values/duration.ts";
import { shownMinute } from "../domain/values/instant.ts";
import { readable } from "../domain/values/readable.ts";
import { type Severity, severities } from "../domain/values/severity.ts";
import { serverAddress } from "./common/address.ts";
import { Problem } from "./common/problem.ts";
import { declared } from "./declared.ts";
import { knownStack } from "./preview.ts";
import { api } from "./verify/api.ts";

/** As for a declared window: a longer one hides what people should know. */
const LONGEST = 7 * DAY;

const TRY =
  'Try: make window STACK=prod SERVICE=shop FROM=2026-12-01T02:00Z FOR=2h REASON="upgrade of the database" ALERTMANAGER=http://localhost:9093';

/**
 * `make window STACK=… SERVICE=… FROM=… FOR=… REASON=… ALERTMANAGER=…`: opens a maintenance window once, as a silence that ends by itself. It
 * mutes what declared windows mute, and prints whom that concerns.
 */
export async function run(args: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    options: { SERVICE: text, FROM: text, FOR: text, REASON: text, ALERTMANAGER: text },
    allowPositionals: true,
  });
  const stack = await knownStack("window", positionals[0]);
  const { environment, maintained } = await declared(stack);
  const service = named(values.SERVICE, maintained, stack);
  const startsAt = start(values.FROM);
  const endsAt = new Date(startsAt.getTime() + length(values.FOR) * 1000);
  const comment = reason(values.REASON);
  if (endsAt.getTime() <= Date.now()) {
    throw new Problem(
      `FROM and FOR are a window that closed at ${shownMinute(endsAt)} UTC; allowed: one that ends later. ${TRY}`,
    );
  }
  const alertmanager = serverAddress("ALERTMANAGER", values.ALERTMANAGER, TRY);
  const matchers = [
    { name: "service", value: service.name, isRegex: false },
    { name: "environment", value: environment.name, isRegex: false },
    { name: "severity", value: mutedInWindows.join("|"), isRegex: true },
  ];
  const silence = { matchers, startsAt, endsAt, createdBy: userInfo().username, comment };
  const { silenceID } = await api("Alertmanager", alertmanager)("/api/v2/silences", {}, Created, silence);
  process.stdout.write(
    `Window of ${service.name} in ${environment.name} from ${shownMinute(startsAt)} UTC to ${shownMinute(endsAt)} UTC ` +
      `(${formatSeconds((endsAt.getTime() - startsAt.getTime()) / 1000)}): ${comment}\n` +
      `${severities.map((severity) => whom(environment, service, severity)).join("\n")}\n` +
      `Close it earlier: amtool silence expire ${silenceID} --alertmanager.url=${alertmanager}\n`,
  );
}

const Created = z.object({ silenceID: z.string() });

function named(name: string | undefined, services: Service[], stack: string): Service {
  const service = services.find((one) => one.name === name);
  if (service) return service;
  const allowed = services.map((one) => one.name).join(", ");
  throw new Problem(`SERVICE is ${got(name)}; allowed: a service of ${stack}: ${allowed}. ${TRY}`);
}

/** To the minute or finer. Of its own, Date takes the 30 February for the 1 March. */
const Time = z.union([z.iso.datetime({ offset: true, precision: -1 }), z.iso.datetime({ offset: true })]);

/** @throws Problem for a time without a zone too: it would be another one on another machine */
function start(from: string | undefined): Date {
  if (from === "now") return new Date();
  const parsed = Time.safeParse(from);
  if (parsed.success) return new Date(parsed.data);
  throw new Problem(`FROM is ${got(from)}; allowed: now, or a time with its zone such as 2026-12-01T02:00Z. ${TRY}`);
}

function length(lasts: string | undefined): number {
  if (lasts !== undefined && readable(() => seconds(lasts)) && seconds(lasts) < LONGEST) return seconds(lasts);
  throw new Problem(
    `FOR is ${got(lasts)}; allowed: less than 7d, as a whole number with a unit s, m, h, d or w. ${TRY}`,
  );
}

function reason(text: string | undefined): string {
  if (text?.trim()) return text.trim();
  throw new Problem(`REASON is missing; allowed: what is done, for those who wonder about the silence. ${TRY}`);
}

/** What a severity's alerts do meanwhile, and who would be notified. */
function whom(environment: Environment, service: Service, severity: Severity): string {
  const channels = channelsFor(environment, service, severity).join(", ") || "no one";
  return mutedInWindows.includes(severity)
    ? `  ${severity}: muted (notifies ${channels} otherwise)`
    : `  ${severity}: still notifies ${channels}`;
}

function got(value: string | undefined): string {
  return value ? `"${value}"` : "missing";
}
