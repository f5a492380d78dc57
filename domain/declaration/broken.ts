import type { Fault } from "../values/fault.ts";
import { shapeFaults } from "./parse.ts";
import type { Service } from "./service.ts";

/** An invalid declaration, and why. It stops only a stack that enables its service, by name. */
export class BrokenService {
  /** The declared name; the file's name if the file does not load or the declaration has no name. */
  readonly name: string;
  readonly faults: readonly Fault[];

  constructor(name: string, faults: readonly Fault[]) {
    this.name = name;
    this.faults = faults;
  }
}

/** A service as a program passes it: not validated yet, or known to be broken. */
export type Declared = Service | BrokenService;

/** Validates what a program passes, and splits it into valid services and broken ones. */
export function judged(declared: readonly Declared[]): { services: Service[]; broken: BrokenService[] } {
  const all = declared.map((one, index) => {
    if (one instanceof BrokenService) return one;
    const faults = shapeFaults(one);
    return faults.length === 0 ? one : new BrokenService(nameOf(one, `services[${index}]`), faults);
  });
  return {
    services: all.filter((one): one is Service => !(one instanceof BrokenService)),
    broken: all.filter((one) => one instanceof BrokenService),
  };
}

/** A declaration's own name. @param otherwise if it has none */
export function nameOf(declaration: unknown, otherwise: string): string {
  const name = (declaration as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : otherwise;
}
