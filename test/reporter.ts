import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Mocha's spec reporter, which also writes `{"passed": N, "failed": N}` to the file named by the option `counts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures } = this.stats;
      writeFileSync(options.reporterOptions.counts, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}
