import { randomInt } from "node:crypto";
import { z } from "zod";

const allowed = z.boolean().default(true);
const least = z.number().int().min(0).default(0);

/** Which characters a text has, and how many at least. */
export const characters = {
  length: z.number().int(),
  lower: allowed,
  upper: allowed,
  numeric: allowed,
  special: allowed,
  minLower: least,
  minUpper: least,
  minNumeric: least,
  minSpecial: least,
  overrideSpecial: z.string().optional(),
};

type Characters = z.infer<z.ZodObject<typeof characters>>;

/** The vendor's: https://www.pulumi.com/registry/packages/random/api-docs/randompassword/ */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** A text of exactly `length` characters, each place as likely to hold each of them. */
export function drawText(wanted: Characters): string {
  const lower = "abcdefghijklmnopqrstuvwxyz";
  const classes = [
    { on: wanted.lower, least: wanted.minLower, alphabet: lower },
    { on: wanted.upper, least: wanted.minUpper, alphabet: lower.toUpperCase() },
    { on: wanted.numeric, least: wanted.minNumeric, alphabet: "0123456789" },
    { on: wanted.special, least: wanted.minSpecial, alphabet: wanted.overrideSpecial ?? SPECIAL },
  ];
  const all = classes.map(({ on, alphabet }) => (on ? alphabet : "")).join("");
  const required = classes.flatMap(({ least, alphabet }) => draw(alphabet, least));
  return shuffle([...required, ...draw(all, wanted.length - required.length)]).join("");
}

function draw(alphabet: string, count: number): string[] {
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length)));
}

function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] as string, items[last] as string];
  }
  return items;
}
