import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { declarationFaults, maintainedAndRetiredFaults, sharedNameFaults } from "../../domain/declarationFaults.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { DeclarationError, type Fault } from "../../domain/values/fault.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { billing, keeping, shop as whole } from "../support/shop.ts";

const prod = environmentOf("prod");
const shop: Service = { ...keeping(whole, "orders"), workloads: [] };
const [declared] = shop.backups as [Backup];

function withBackup(changes: Partial<Backup>): Service {
  return { ...shop, backups: [{ ...declared, ...changes }] };
}

/** The faults for which the component refuses a service, before it makes anything. */
async function refusal(service: Service): Promise<readonly Fault[]> {
  let faults: readonly Fault[] = [];
  const made = await registered(() => {
    try {
      new MaintainedService(service.name, { environment: prod, service });
    } catch (error) {
      assert.ok(error instanceof DeclarationError);
      faults = error.faults;
    }
  });
  assert.deepEqual(made, [], "something was created before the refusal");
  return faults;
}

describe("a declaration", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`has no fault in ${stack} where all is as it should be`, () => {
      const environment = environmentOf(stack);
      for (const service of [whole, billing]) {
        assert.deepEqual(declarationFaults(inEnvironment(service, environment), environment), []);
      }
      assert.deepEqual(sharedNameFaults([whole, billing]), []);
    });
  }

  const mistakes: { mistake: string; service: Service; faults: [code: string, path: string][] }[] = [
    {
      mistake: "a number without a unit",
      service: withBackup({ deadline: "30" as never }),
      faults: [["not-allowed", "backups[0].deadline"]],
    },
    {
      mistake: "objectives that are no whole number of a unit",
      service: {
        ...shop,
        objectives: { ...shop.objectives, recoveryPoint: assumed("1.5h"), recoveryTime: assumed("0h") },
      },
      faults: [
        ["not-allowed", "objectives.recoveryPoint"],
        ["not-allowed", "objectives.recoveryTime"],
      ],
    },
    {
      mistake: "a schedule that no clock knows",
      service: withBackup({ schedule: assumed("0 25 * * *") }),
      faults: [["schedule-unreadable", "backups[0].schedule"]],
    },
    {
      mistake: "a day of the month with a day of the week, which cron joins by OR",
      service: withBackup({ schedule: assumed("0 2 1-7 * 6") }),
      faults: [["schedule-days-joined", "backups[0].schedule"]],
    },
    {
      mistake: "a schedule that breaks its recovery point",
      service: withBackup({ deadline: "90m" }),
      faults: [["recovery-point-missed", "backups[0].schedule"]],
    },
    {
      mistake: "a CronJob's name of 53 characters",
      service: withBackup({ job: "a".repeat(53) }),
      faults: [["not-allowed", "backups[0].job"]],
    },
    {
      mistake: "critical alerts to a channel without a receiver",
      service: { ...shop, notify: { ...shop.notify, critical: ["pagerduty", "teams"] } },
      faults: [["missing-receiver", "upkeep:alerting.receivers.default.teams in Pulumi.prod.yaml"]],
    },
    {
      mistake: "two datastores of one name",
      service: { ...shop, datastores: [...shop.datastores, ...shop.datastores] },
      faults: [["duplicate-name", "datastores"]],
    },
    {
      mistake: "two backups of one CronJob's name",
      service: { ...shop, backups: [declared, { ...declared, prefix: "again/" }] },
      faults: [["duplicate-name", "backups"]],
    },
    {
      mistake: "endpoints and objectives that are wrong together, all at once",
      service: {
        ...shop,
        objectives: { ...shop.objectives, latency: [] },
        indicators: {},
        endpoints: shop.endpoints.map((endpoint) => ({ ...endpoint, name: "same" })),
      },
      faults: [
        ["duplicate-name", "endpoints"],
        ["objective-unmeasured", "objectives.errorRate"],
      ],
    },
  ];
  for (const { mistake, service, faults } of mistakes) {
    it(`is refused for ${mistake}, before anything is created`, async () =>
      assert.deepEqual(refused(await refusal(service)), faults));
  }

  it("is refused for the same CronJob twice in one namespace, by its name", () => {
    const faults = sharedNameFaults([shop, { ...shop, name: "other" }]);
    assert.deepEqual(
      refused(faults),
      faults.map(() => ["name-shared", "a CronJob"]),
    );
    assert.deepEqual(namesIn(faults), [
      "shop/shop-orders-backup",
      "shop/shop-orders-drill",
      "shop/shop-orders-backup-restore",
      "shop/shop-health-monitor",
    ]);
  });

  it("is refused for two services of one name", () => {
    const elsewhere = { ...shop, namespace: "elsewhere" };
    assert.deepEqual(refused(sharedNameFaults([shop, elsewhere])), [["name-shared", "a service"]]);
  });

  it("may have the same CronJob's name in two namespaces", () =>
    assert.deepEqual(sharedNameFaults([shop, { ...shop, name: "other", namespace: "other" }]), []));

  it("has its CronJob where its datastore is: there two of one name meet", () => {
    const { monitor: _, ...unmonitored } = shop;
    const inDatabases = (service: Service) => ({
      ...service,
      datastores: [
        { ...service.datastores[0], name: "other" },
        { ...service.datastores[0], namespace: "databases" },
      ],
    });
    const [here, there] = [unmonitored, { ...unmonitored, name: "other", namespace: "other" }] as [Service, Service];
    assert.deepEqual(sharedNameFaults([here, there]), []);
    assert.deepEqual(
      namesIn(sharedNameFaults([inDatabases(here) as Service, inDatabases(there) as Service])),
      ["shop-orders-backup", "shop-orders-drill", "shop-orders-backup-restore"].map((job) => `databases/${job}`),
    );
    assert.deepEqual(sharedNameFaults([{ ...here, datastores: [] }, there]), []);
  });

  it("is refused for each service that is maintained and retired at once", () => {
    const both = { ...prod, services: ["shop", "billing"], retired: ["billing", "invoices"] };
    const faults = maintainedAndRetiredFaults(both);
    assert.deepEqual(refused(faults), [["service-maintained-and-retired", "upkeep:retired in Pulumi.prod.yaml"]]);
    assert.deepEqual(namesIn(faults), ["billing"]);
  });
});

/** The name that each fault quotes: the same in any wording. */
function namesIn(faults: readonly Fault[]): (string | undefined)[] {
  return faults.map(({ got }) => /"([^"]*)"/.exec(got ?? "")?.[1]);
}
