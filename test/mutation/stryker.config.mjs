export default {
  mutate: (process.env.FILES ?? "domain/**/*.ts").split(" "),
  plugins: [import.meta.resolve("@stryker-mutator/mocha-runner")],
  testRunner: "mocha",
  mochaOptions: {
    config: "test/mutation/mocharc.yaml",
    spec: (process.env.SPEC ?? "test/domain/**/*.test.ts").split(" "),
  },
  coverageAnalysis: "perTest",
  concurrency: 1,
  tempDirName: ".cache/mutation/house",
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: process.env.OUT ?? ".cache/mutation/house.json" },
  ignorePatterns: [".cache", ".sandbox*", "dist", "test/mutation/node_modules", "tsconfig.json"],
  allowConsoleColors: false,
};
