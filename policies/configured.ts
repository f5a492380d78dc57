import { type Exemption, Exemptions } from "./exemptions.ts";
import type { Profile } from "./profile.ts";

/** What a stack's configuration says about the whole pack. */
export interface Configured {
  profile: Profile;
  /** Sentences about levels below the policies' own, and until when. */
  lowered: readonly Lowered[];
  exemptions: Exemptions;
}

/** A policy, or `all`, below its own level for a while. */
export interface Lowered {
  name: string;
  /** A level, or the profile `brownfield`. */
  to: string;
  reason: string;
  until: string;
  daysLeft: number;
}

let current = withoutConfiguration();

function withoutConfiguration(): Configured {
  const none: Exemption[] = [];
  return { profile: "house", lowered: [], exemptions: new Exemptions(none, "1970-01-01") };
}

/** The SDK gives each policy its own configuration alone; this is what all of them follow. */
export function configured(): Configured {
  return current;
}

/** Called before the first resource is judged. @param next default: as without a configuration */
export function setConfigured(next: Configured = withoutConfiguration()): void {
  current = next;
}
