const POLL_MILLISECONDS = 250;

/** How long operations may take to finish writing after they were cancelled. */
const LAST_WRITES_MILLISECONDS = 30_000;

/**
 * Ends the process when the engine is gone, even when it was killed: an orphan would continue to create objects that no state
 * knows. Operations in flight finish the request they have sent, and stop waiting for anything else.
 */
export class Lifetime {
  #cancelled = new AbortController();
  #running = new Set<Promise<unknown>>();

  /** Aborted when the engine is gone or was interrupted (Ctrl-C). */
  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  run<T>(operation: () => Promise<T>): Promise<T> {
    const running = operation().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  /** The parent's id changes when the parent dies; Node has no event for it. */
  endWithParent(): void {
    const parent = process.ppid;
    const timer = setInterval(async () => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      this.cancel();
      setTimeout(() => process.exit(1), LAST_WRITES_MILLISECONDS).unref();
      await Promise.allSettled(this.#running);
      process.exit(1);
    }, POLL_MILLISECONDS);
  }
}
