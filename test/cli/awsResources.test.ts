import assert from "node:assert/strict";
import { requestsOf } from "../../standins/test/aws/requests.ts";
import { judge } from "../../standins/test/aws/serviceModel.ts";
import { typeFaults } from "./awsTypes.ts";
import { type PreviewedResource, previewed } from "./previewed.ts";

describe("the AWS resources in the preview of", function () {
  this.timeout("3m");

  for (const stack of ["prod", "staging"]) {
    describe(stack, () => {
      let resources: PreviewedResource[];
      before(async () => {
        resources = (await previewed(stack)).resources.filter(({ type }) => type.startsWith("aws:"));
      });

      it("have the inputs that @pulumi/aws declares", async () => {
        assert.ok(resources.length > 0);
        assert.deepEqual(await typeFaults(resources), []);
      });

      it("are made by requests that AWS's models of its services accept", async () => {
        const faults: string[] = [];
        for (const { name, type, inputs } of resources) {
          const requests = await requestsOf(type, inputs);
          assert.ok(requests.length > 0, name);
          faults.push(...requests.flatMap(judge).map((fault) => `${name}: ${fault}`));
        }
        assert.deepEqual(faults, []);
      });
    });
  }
});
