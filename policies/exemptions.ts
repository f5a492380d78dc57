import { z } from "zod";
import type { Fault } from "../domain/values/fault.ts";
import { text } from "../domain/values/schema.ts";
import { day, daysUntil, reason } from "./terms.ts";

/** One entry of a configuration's list: what a policy lets pass for a while, and who answers for it. */
export const exemption = z.strictObject({
  policy: text("a policy's name", "pod-restricted"),
  resource: text(
    "kind and name, as messages write them; one * may stand at the end of the name",
    "CronJob shop/orders-backup",
    /^\w+ [^\s*]+\*?$/,
  ),
  path: text(
    "a path, as messages write it; one * may stand at its end",
    "spec.jobTemplate.spec.template.spec.hostNetwork",
  ),
  reason,
  owner: text("the team or person who mends it", "team-shop"),
  ticket: text("where the work is tracked", "SHOP-123"),
  until: day,
});

export type Exemption = z.output<typeof exemption>;

/** A resource's kind and its names: in the program and, where known, in the cluster. */
export interface Subject {
  kind: string;
  names: readonly string[];
}

/** The exemptions of a run, and what they met in it. */
export class Exemptions {
  readonly #entries: readonly Exemption[];
  readonly #today: string;
  readonly #met = new Map<Exemption, "used" | "needless" | "undecided">();

  /** @param today as YYYY-MM-DD */
  constructor(entries: readonly Exemption[], today: string) {
    this.#entries = entries;
    this.#today = today;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /**
   * Takes out of a resource's faults what is exempt.
   *
   * @param decided whether the policy knew all values that it read
   */
  apply(policy: string, subject: Subject, faults: readonly Fault[], decided: boolean): Applied {
    const exempt = new Map<Exemption, Fault[]>();
    let left = [...faults];
    for (const entry of this.#entries) {
      if (entry.policy !== policy || !names(entry, subject)) continue;
      const covered = left.filter(({ path }) => fits(entry.path, path));
      this.#note(entry, covered.length > 0 ? "used" : decided ? "needless" : "undecided");
      if (covered.length === 0 || this.#hasEnded(entry)) continue;
      left = left.filter((fault) => !covered.includes(fault));
      exempt.set(entry, covered);
    }
    return { left, exempt };
  }

  /** Whether an exemption in date lets a fault at the path pass. */
  covers(policy: string, subject: Subject, path: string): boolean {
    return this.#entries.some(
      (entry) => entry.policy === policy && names(entry, subject) && fits(entry.path, path) && !this.#hasEnded(entry),
    );
  }

  /**
   * What is wrong with the exemptions themselves, at the end of a run.
   *
   * @param subjects of all resources of the stack
   */
  faults(subjects: readonly Subject[]): Fault[] {
    return this.#entries.flatMap((entry, index) => {
      const at = `exemptions[${index}]`;
      if (this.#hasEnded(entry)) return [ended(entry, at, this.#today)];
      if (!subjects.some((subject) => names(entry, subject))) return [unknownResource(entry, at)];
      return this.#met.get(entry) === "needless" ? [unused(entry, at)] : [];
    });
  }

  /** Days until an exemption ends, 0 on its last. */
  daysLeft({ until }: Exemption): number {
    return daysUntil(until, this.#today);
  }

  #hasEnded(entry: Exemption): boolean {
    return this.daysLeft(entry) < 0;
  }

  /** One use counts, and one resource that could not be judged leaves it open. */
  #note(entry: Exemption, met: "used" | "needless" | "undecided") {
    const before = this.#met.get(entry);
    if (before === "used" || (before === "undecided" && met === "needless")) return;
    this.#met.set(entry, met);
  }
}

export interface Applied {
  left: Fault[];
  exempt: Map<Exemption, Fault[]>;
}

function names({ resource }: Exemption, { kind, names }: Subject): boolean {
  return names.some((name) => fits(resource, `${kind} ${name}`));
}

function fits(pattern: string, text: string): boolean {
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function ended({ policy, resource, until }: Exemption, at: string, today: string): Fault {
  return {
    code: "exemption-ended",
    path: `${at}.until`,
    got: `"${until}", for ${policy} of ${resource}`,
    allowed: `${today} or later: it exempts nothing any more`,
    fix: "mend the resource and remove the entry, or have a new end reviewed",
  };
}

function unknownResource({ policy, resource }: Exemption, at: string): Fault {
  return {
    code: "exemption-resource-unknown",
    path: `${at}.resource`,
    got: `"${resource}", for ${policy}`,
    allowed: "a resource of this stack",
    fix: "write kind and name as the policy's message does, or remove the entry",
  };
}

function unused({ policy, resource, path }: Exemption, at: string): Fault {
  return {
    code: "exemption-unused",
    path: `${at}.path`,
    got: `"${path}", where ${policy} finds nothing in ${resource}`,
    allowed: "the path of a fault that the policy finds",
    fix: "remove the entry, if the resource is mended",
  };
}
