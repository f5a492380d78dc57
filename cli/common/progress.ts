/** Seconds without output after which a running step reports that it still runs. */
const HEARTBEAT_SECONDS = 15;

/**
 * Runs one named step; reports its start, that it still runs, and its duration.
 *
 * @param expected about how long it takes, as a person reads it ("6 min"); shown at the start of a long step
 */
export async function step<T>(name: string, run: () => Promise<T>, expected?: string): Promise<T> {
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  say(`→ ${name}${expected ? ` (about ${expected})` : ""}`);
  const heartbeat = setInterval(() => say(`  … ${name}: ${elapsed()}`), HEARTBEAT_SECONDS * 1000);
  try {
    const result = await run();
    say(`✓ ${name}: ${elapsed()}`);
    return result;
  } catch (error) {
    say(`✗ ${name}: failed after ${elapsed()}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Seconds as a person reads them: `40 s`, and from two minutes on `2 min`. */
export function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Progress goes to stderr, so that a command's own output can be piped. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
