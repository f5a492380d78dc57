import type { Fault } from "../values/fault.ts";
import { shapeFaults } from "./parse.ts";
import type { Service } from "./service.ts";

/** A declaration that nothing can be made of, and why. It stops only a stack that enables it, by its name. */
export class BrokenService {
  /** The declared name; that of its file where the file does not load, or the declaration has none. */
  readonly name: string;
  readonly faults: readonly Fault[];

  constructor(name: string, faults: readonly Fault[]) {
    this.name = name;
    this.faults = faults;
  }
}

/** A service as a program has it: judged by nobody yet, or known to be broken. */
export type Declared = Service | BrokenService;

/** What a program hands over, split into what can be deployed and what cannot. */
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

/** The name that a declaration gives itself. @param otherwise where it gives none */
export function nameOf(declaration: unknown, otherwise: string): string {
  const name = (declaration as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : otherwise;
}
