import assert from "node:assert/strict";
import { declarationFaults, sharedNameFaults } from "../../domain/declarationFaults.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, shop } from "../support/shop.ts";

describe("the services that tests of the engine judge", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`can be deployed to ${stack}`, () => {
      const environment = environmentOf(stack);
      const faults = [shop, billing].flatMap((service) =>
        declarationFaults(inEnvironment(service, environment), environment),
      );
      assert.deepEqual([...faults, ...sharedNameFaults([shop, billing])], []);
    });
  }

  it("are one datastore of each kind, each backed up", () => {
    const kinds = shop.datastores.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["postgres", "redis", "configuration", "volume", "grafana"]);
    assert.deepEqual(
      shop.backups.map(({ datastore }) => datastore),
      shop.datastores.map(({ name }) => name),
    );
  });
});
