import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Longer ones are cut: the whole message is in the suite's own output. */
const LONGEST_MESSAGE = 300;

/** Mocha's spec reporter, which also writes `{"passed": N, "failures": ["title: message", ...]}` to the file named by the option `counts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on("fail", (test, error) => {
      const message = String(error?.message).replace(/\s+/g, " ").slice(0, LONGEST_MESSAGE);
      failures.push(`${test.fullTitle()}: ${message}`);
    });
    runner.once("end", () => {
      writeFileSync(options.reporterOptions.counts, JSON.stringify({ passed: this.stats.passes, failures }));
    });
  }
}
