import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { MaintainedService } from "../../components/service.ts";
import { environmentOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

/** Types and name of each resource of a service with one of everything, as deployed stacks have them in their state. */
const RECORD = join(import.meta.dirname, "urns.txt");

const identity = ({ qualifiedType, name }: { qualifiedType: string; name: string }) => `${qualifiedType} ${name}`;

/** What else it may be in the state: an alias without a parent of its own has the resource's. */
const aliases = ({ qualifiedType, type, aliases }: Registered) =>
  aliases.map((alias) => `${qualifiedType.slice(0, -type.length)}${alias.type} ${alias.name}`);

/** What a stack that holds `deployed` would lose: each resource that is declared neither under its name nor as an alias. */
function lost(deployed: readonly string[], declared: readonly Registered[]): string[] {
  const known = new Set(declared.flatMap((one) => [identity(one), ...aliases(one)]));
  return deployed.filter((one) => !known.has(one));
}

describe("the names of resources", () => {
  let declared: Registered[];
  before(async () => {
    const environment = environmentOf("prod");
    declared = await registered(() => {
      new MaintainedService("shop", { environment, service: shop });
      new AlertRoutes("alert-routes", { environment, services: [shop] });
    });
  });
  const deployed = readFileSync(RECORD, "utf8").trimEnd().split("\n");

  it("stay, or are aliases: else an `up` would delete what runs, or meet an object that exists already", () => {
    assert.deepEqual(lost(deployed, declared), []);
  });

  it("are all in urns.txt, so that they stay", () => {
    const names = declared.map(identity).filter((one) => !one.startsWith("pulumi:pulumi:Stack"));
    assert.deepEqual([...new Set(names)].sort(), [...deployed].sort());
  });

  it("are lost by a renamed child without an alias, and kept by one with it", async () => {
    class Shelf extends pulumi.ComponentResource {
      constructor(name: string, child: string, aliases: pulumi.Alias[] = []) {
        super("test:index:Shelf", name);
        new pulumi.ComponentResource("test:index:Book", child, {}, { parent: this, aliases });
      }
    }
    const before = (await registered(() => new Shelf("shelf", "shelf-book"))).map(identity);
    assert.deepEqual(lost(before, await registered(() => new Shelf("shelf", "shelf-volume"))), [
      "test:index:Shelf$test:index:Book shelf-book",
    ]);
    assert.deepEqual(
      lost(before, await registered(() => new Shelf("shelf", "shelf-volume", [{ name: "shelf-book" }]))),
      [],
    );
  });
});
