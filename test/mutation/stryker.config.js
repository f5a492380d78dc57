/** Of one run of Stryker: run.ts says which file it mutates, which tests judge it, and where its report goes. */
const { file, specs, report, keepsState } = JSON.parse(process.env.UPKEEP_MUTATION);

export default {
  mutate: [file],
  specs,
  plugins: [import.meta.resolve("./mochaRunner.js"), import.meta.resolve("./wording.js")],
  ignorers: ["wording"],
  testRunner: "the clone's mocha",
  coverageAnalysis: "perTest",
  concurrency: 1,
  // What one mutant leaves in a cache of the module's own would decide about the next.
  maxTestRunnerReuse: keepsState ? 1 : 0,
  // A busy machine must not look like a loop that never ends.
  timeoutMS: 30_000,
  // Of what has not changed it takes the judgement of the last run, and writes all there.
  incremental: true,
  incrementalFile: report,
  tempDirName: `${report}.tmp`,
  reporters: [],
  ignorePatterns: [".cache", ".sandbox*", "dist", "test/mutation", "tsconfig.json"],
  allowConsoleColors: false,
  warnings: { unknownOptions: false, slow: false },
};
