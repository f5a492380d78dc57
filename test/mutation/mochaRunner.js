import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

// Where the mutated code finds which of its mutants is active, and records which it ran.
globalThis.__stryker__ ??= {};
const mutants = globalThis.__stryker__;

/**
 * Runs the clone's own mocha. Stryker's runner for mocha reaches into files of mocha that 12.0.1 and later no longer have.
 * It loads the tests once and runs those that reach a mutant, for one mutant after the other.
 */
class MochaRunner {
  static inject = tokens(commonTokens.options);

  constructor({ specs }) {
    this.specs = specs;
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    // Stryker runs this in its copy of the clone, whose packages are the clone's.
    const { resolve } = createRequire(join(process.cwd(), "package.json"));
    const { default: Mocha } = await import(pathToFileURL(resolve("mocha")).href);
    const files = [];
    for (const spec of this.specs) for await (const file of glob(spec)) files.push(file);
    if (files.some((file) => readFileSync(file, "utf8").includes("fast-check"))) {
      const { default: fastCheck } = await import(pathToFileURL(resolve("fast-check")).href);
      // The same examples each time: which mutants survive must not depend on chance.
      fastCheck.configureGlobal({ seed: 1 });
    }
    this.results = [];
    const results = this.results;
    class Reporter {
      constructor(runner) {
        const add = (test, result) =>
          results.push({
            id: test.fullTitle(),
            name: test.fullTitle(),
            fileName: test.file,
            timeSpentMs: test.duration ?? 0,
            ...result,
          });
        runner.on("pass", (test) => add(test, { status: TestStatus.Success }));
        runner.on("fail", (test, error) =>
          add(test, { status: TestStatus.Failed, failureMessage: String(error?.message) }),
        );
      }
    }
    this.mocha = new Mocha({ reporter: Reporter, timeout: 0 });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of files) this.mocha.addFile(file);
    this.mocha.suite.beforeEach(function () {
      mutants.currentTestId = this.currentTest?.fullTitle();
    });
    this.loaded = false;
  }

  async dryRun({ disableBail }) {
    const result = await this.run(!disableBail);
    return result.status === DryRunStatus.Complete ? { ...result, mutantCoverage: mutants.mutantCoverage } : result;
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    mutants.hitLimit = hitLimit;
    mutants.hitCount = hitLimit ? 0 : undefined;
    const chosen = testFilter && new Set(testFilter);
    this.mocha.suite.eachTest((test) => {
      test.pending = chosen !== undefined && !chosen.has(test.fullTitle());
    });
    return toMutantRunResult(await this.run(!disableBail, activeMutant.id, mutantActivation));
  }

  async run(bail, mutant, activation) {
    try {
      if (!this.loaded) {
        mutants.activeMutant = activation === "static" ? mutant : undefined;
        await this.mocha.loadFilesAsync();
        this.loaded = true;
      }
      mutants.activeMutant = mutant;
      this.results.length = 0;
      this.mocha.bail(bail);
      await new Promise((resolve) => this.mocha.run(resolve));
      return (
        determineHitLimitReached(mutants.hitCount, mutants.hitLimit) ?? {
          status: DryRunStatus.Complete,
          tests: [...this.results],
        }
      );
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "the clone's mocha", MochaRunner)];
