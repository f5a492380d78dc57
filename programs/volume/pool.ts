/** Runs a bounded number of tasks concurrently, which also bounds their memory. */
export class Pool {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  #failed: unknown;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts a task once fewer than the limit run. @throws what a task before it threw */
  async add(task: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    if (this.#failed) throw this.#failed;
    const running: Promise<void> = task()
      .catch((error) => {
        this.#failed ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until all have ended. @throws what the first that failed threw */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failed) throw this.#failed;
  }
}
