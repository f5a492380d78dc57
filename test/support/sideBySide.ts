/**
 * Does a few things at a time, for tests that mostly wait for pods. They begin in their order, and one's failure stops no other.
 *
 * @returns the result of each; a failure that no test awaits yet does not end the process
 */
export function sideBySide<T>(atOnce: number, tasks: readonly (() => Promise<T>)[]): Promise<T>[] {
  const outcomes = tasks.map(() => Promise.withResolvers<T>());
  for (const { promise } of outcomes) promise.catch(() => {});
  const waiting = tasks.map((task, index) => async () => {
    await task().then(outcomes[index]?.resolve, outcomes[index]?.reject);
  });
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  for (let started = 0; started < atOnce; started++) void worker();
  return outcomes.map(({ promise }) => promise);
}

/**
 * An `it` for tests of one `describe`, and of those in it, that run a few at a time. To be called after the `before` that they need.
 */
export function besideOthers(atOnce: number): (title: string, test: () => Promise<void>) => void {
  const tests: (() => Promise<void>)[] = [];
  let outcomes: Promise<void>[] = [];
  before(() => {
    outcomes = sideBySide(atOnce, tests);
  });
  return (title, test) => {
    const index = tests.push(test) - 1;
    it(title, () => outcomes[index]);
  };
}
