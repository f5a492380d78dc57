import type { Port, Settings } from "../settings.ts";

/** One server of the sandbox: how it is started, and how its readiness is checked. */
export interface Part {
  name: string;
  /** The name of its program, for `tool()`. */
  program: string;
  /** Further programs that it runs itself and looks for on PATH. */
  programsOnPath?: readonly string[];
  /** Parts that must serve, and other work that must be done, before this one starts. */
  after?: readonly string[];
  /** Only where there is a node. */
  node?: boolean;
  /** What it listens on, apart from ports that only exist in the node's own network. */
  ports: readonly Port[];
  /** Writes its configuration files and gives its arguments. */
  prepare(settings: Settings): Promise<string[]>;
  environment?(settings: Settings): Promise<Record<string, string>>;
  /** Rejects, with the reason, for as long as it does not serve. */
  check(settings: Settings): Promise<void>;
  /** Brings back, after a start, what it does not keep on disk itself. */
  restore?(settings: Settings): Promise<void>;
  /** Removes what it leaves outside of the sandbox's directory, where it has no namespaces to itself. */
  remove?(settings: Settings): Promise<void>;
}
