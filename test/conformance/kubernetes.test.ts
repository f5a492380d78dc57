import assert from "node:assert/strict";
import type { AsyncFunc, Context, Suite } from "mocha";
import "../../standins/test/kubernetes/create.test.ts";
import "../../standins/test/kubernetes/delete.test.ts";
import "../../standins/test/kubernetes/preview.test.ts";
import { differences } from "./differences.ts";

/**
 * The stand-in's own tests of creation, deletion and previews, run on the vendor's provider: what they say of it is then what the vendor
 * does. The suite `vendor` shows updates and refreshes on the whole product.
 */
before("put the vendor's provider in the place of the stand-in", function () {
  process.env.PROVIDERS = "vendor-kubernetes";
  const listed = new Set(Object.keys(differences));
  const root = this.test?.parent;
  if (root) expectDifferences(root, listed);
  assert.deepEqual([...listed], [], "differences.ts lists tests that are not there: remove or rename them");
});

/** Turns each test that the vendor's provider is known to fail into one that it must fail, for the reason that is listed. */
function expectDifferences(suite: Suite, listed: Set<string>): void {
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
