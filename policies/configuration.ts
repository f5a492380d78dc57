import { z } from "zod";
import { type Fault, faultMessage } from "../domain/values/fault.ts";
import { optional, saying } from "../domain/values/schema.ts";
import { exampleOf, type Finding, findings, nearest } from "../domain/values/schemaFaults.ts";
import type { Configured, Lowered } from "./configured.ts";
import { type Exemption, Exemptions } from "./exemptions.ts";
import { profiles } from "./profile.ts";
import type { Configurable } from "./rule.ts";
import { terms } from "./settings.ts";
import { day, daysUntil, latestEnd, reason } from "./terms.ts";

const OWN = "exemptions-in-date";

const level = z.enum(["mandatory", "advisory", "disabled"]);
const remediatingLevel = z.enum([...level.options, "remediate"]);
const whole = z.strictObject({
  enforcementLevel: saying(z.enum(["mandatory", "advisory"]), {
    fix: "write it beside the others: the engine takes no all without it",
  }),
  profile: optional(z.enum(profiles)),
  ...terms,
});

type Entry = { enforcementLevel?: string; reason?: string; until?: string; profile?: string; exemptions?: Exemption[] };

/** A configuration as its file has it: of a level alone, the word is enough. */
export type Configuration = Readonly<Record<string, unknown>>;

/**
 * What a configuration says of the pack.
 *
 * @param policies of the pack
 * @param today as YYYY-MM-DD
 * @returns its faults, or what it says
 */
export function readConfiguration(
  written: Configuration,
  policies: readonly Configurable[],
  today: string,
): { faults: readonly Fault[] } | { configured: Configured } {
  const configuration = Object.fromEntries(
    Object.entries(written).map(([name, entry]) => [
      name,
      typeof entry === "string" ? { enforcementLevel: entry } : entry,
    ]),
  );
  const schema = z.strictObject({
    all: optional(whole),
    ...Object.fromEntries(policies.map((policy) => [policy.name, optional(entryOf(policy))])),
  });
  const misshapen = findings(schema, configuration).map(faultOf);
  if (misshapen.length > 0) return { faults: misshapen };
  const entries = configuration as Record<string, Entry>;
  const exemptions = entries[OWN]?.exemptions ?? [];
  const faults = [
    ...Object.entries(entries).flatMap(([name, entry]) => levelFaults(name, entry, entries.all, today)),
    ...exemptions.flatMap((entry, index) => exemptionFaults(entry, `${OWN}.exemptions[${index}]`, policies, today)),
  ];
  if (faults.length > 0) return { faults };
  const lowered = Object.entries(entries).flatMap(([name, entry]) => loweredBy(name, entry, today));
  const profile = profiles.find((one) => one === entries.all?.profile) ?? "house";
  return { configured: { profile, lowered, exemptions: new Exemptions(exemptions, today) } };
}

/** All faults of a configuration in one text. */
export function configurationMessage(file: string, faults: readonly Fault[]): string {
  return [`${file} cannot be used:`, ...faults.map((fault) => `- ${faultMessage(fault)}`)].join("\n");
}

function entryOf({ settings, remediates }: Configurable): z.ZodObject {
  const own = remediates ? remediatingLevel : level;
  return z.strictObject({ enforcementLevel: optional(own), ...terms, ...settings });
}

function faultOf({ code, path, got, allowed, fix, near, expected }: Finding): Fault {
  const at = path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index ? "." : ""}${String(key)}`));
  const example = expected ? `write for example ${exampleOf(expected)}` : "remove it";
  return { code, path: at.join(""), got, allowed, fix: fix ?? (near ? `did you mean ${near}?` : example) };
}

function isLowered({ enforcementLevel = "mandatory", profile }: Entry): boolean {
  return !["mandatory", "remediate"].includes(enforcementLevel) || profile === "brownfield";
}

function levelFaults(name: string, entry: Entry, all: Entry | undefined, today: string): Fault[] {
  const { enforcementLevel, until } = entry;
  // The engine repeats what `all` says at each policy.
  const repeated = name !== "all" && entry.reason === undefined && enforcementLevel === all?.enforcementLevel;
  if (!isLowered(entry) || repeated) return [];
  if (name === OWN) return [fixedLevel(enforcementLevel)];
  const at = (key: string) => `${name}.${key}`;
  return [
    ...(entry.reason === undefined
      ? [missing({ code: "level-without-reason", path: at("reason") }, "a reason", reason)]
      : []),
    ...(until === undefined ? [missing({ code: "level-without-end", path: at("until") }, "an end", day)] : []),
    ...(until !== undefined && daysUntil(until, today) < 0 ? [passed(until, at("until"), today)] : []),
    ...(until !== undefined ? tooFar(until, at("until"), today) : []),
  ];
}

function missing(place: Pick<Fault, "code" | "path">, what: string, schema: z.ZodType): Fault {
  return {
    ...place,
    got: undefined,
    allowed: `${what}, where a policy is below mandatory or the profile is brownfield`,
    fix: `add for example ${exampleOf(schema)}`,
  };
}

function passed(until: string, path: string, today: string): Fault {
  return {
    code: "level-ended",
    path,
    got: `"${until}"`,
    allowed: `${today} or later: the lowered level has ended`,
    fix: "remove the entry, or have a new end reviewed",
  };
}

function tooFar(until: string, path: string, today: string): Fault[] {
  const latest = latestEnd(today);
  if (until <= latest) return [];
  return [
    {
      code: "end-too-far",
      path,
      got: `"${until}"`,
      allowed: `${latest} at the latest, in 90 days`,
      fix: "write an earlier day",
    },
  ];
}

function fixedLevel(got: string | undefined): Fault {
  return {
    code: "level-fixed",
    path: `${OWN}.enforcementLevel`,
    got: `"${got}"`,
    allowed: "mandatory: it watches over what weakens the others",
    fix: "remove it",
  };
}

function exemptionFaults(entry: Exemption, at: string, policies: readonly Configurable[], today: string): Fault[] {
  const { policy, until } = entry;
  const found = policies.find(({ name }) => name === policy);
  return [
    ...(found ? [] : [unknownPolicy(policy, at, policies)]),
    ...(found?.unexemptible ? [unexemptible(found.unexemptible, policy, at)] : []),
    ...tooFar(until, `${at}.until`, today),
  ];
}

function unknownPolicy(policy: string, at: string, policies: readonly Configurable[]): Fault {
  const names = policies.filter(({ unexemptible }) => unexemptible === undefined).map(({ name }) => name);
  const near = nearest(policy, names);
  return {
    code: "exemption-policy-unknown",
    path: `${at}.policy`,
    got: JSON.stringify(policy),
    allowed: names.join(", "),
    fix: near ? `did you mean ${near}?` : "write one of them",
  };
}

function unexemptible(why: string, policy: string, at: string): Fault {
  return {
    code: "policy-unexemptible",
    path: `${at}.policy`,
    got: `"${policy}"`,
    allowed: `a policy that may be exempted; this one may not: ${why}`,
    fix: "mend the resource",
  };
}

function loweredBy(name: string, entry: Entry, today: string): Lowered[] {
  const { enforcementLevel = "mandatory", reason: why, until } = entry;
  if (!isLowered(entry) || why === undefined || until === undefined) return [];
  const to = enforcementLevel === "mandatory" ? "brownfield" : enforcementLevel;
  return [{ name, to, reason: why, until, daysLeft: daysUntil(until, today) }];
}
