import assert from "node:assert/strict";
import { cronJobNameFaults } from "../../../domain/values/names.ts";
import { refused } from "../../support/refused.ts";

describe("a CronJob's name", () => {
  for (const name of ["a", "7", "a-b", "shop-backup", "a--b", "a".repeat(52)]) {
    it(`may be "${name}"`, () => assert.deepEqual(cronJobNameFaults("name", name), []));
  }

  for (const name of ["", "-a", "a-", "Backup", "a_b", "a.b", "a b", "ab\n", "a".repeat(53)]) {
    it(`may not be ${JSON.stringify(name)}`, () =>
      assert.deepEqual(refused(cronJobNameFaults("job", name)), [["cronjob-name-invalid", "job"]]));
  }
});
