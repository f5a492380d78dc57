import assert from "node:assert/strict";
import type { AsyncFunc, Context, Suite } from "mocha";
import type { Difference } from "./differences.ts";

/**
 * Runs the tests of the file that calls it on the vendor's Kubernetes provider in place of the stand-in. What they say of the stand-in is
 * then what the vendor does.
 *
 * @param differences those of its tests that the vendor's provider fails, by title
 */
export function onVendor(differences: Readonly<Record<string, Difference>>): void {
  before("put the vendor's provider in the place of the stand-in", function () {
    process.env.PROVIDERS = "vendor-kubernetes";
    const listed = new Set(Object.keys(differences));
    const root = this.test?.parent;
    if (root) expectDifferences(root, differences, listed);
    assert.deepEqual([...listed], [], "differences.ts lists tests that are not there: remove or rename them");
  });
}

/** Turns each test that the vendor's provider is known to fail into one that it must fail, for the reason that is listed. */
function expectDifferences(suite: Suite, differences: Readonly<Record<string, Difference>>, listed: Set<string>): void {
  suite.eachTest((test) => {
    const difference = differences[test.title];
    const { fn } = test;
    if (!difference || !fn) return;
    listed.delete(test.title);
    test.title = `${test.title}: not the vendor's, ${difference.reason}`;
    test.fn = async function (this: Context) {
      const failure = await (fn as AsyncFunc).call(this).then(
        () => undefined,
        (error: Error) => error,
      );
      assert.ok(failure, "the vendor's provider passes this too: remove it from differences.ts");
      assert.match(String(failure.message), difference.fails);
    };
  });
}
