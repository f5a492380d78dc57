import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { bothFaults, declarationFaults, sharedNameFaults } from "../../domain/declarationFaults.ts";
import { placed } from "../../domain/environment/placed.ts";
import { faultMessage } from "../../domain/values/fault.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { declaredServices } from "../../services/index.ts";
import { registered } from "../components/resources.ts";
import { database } from "../support/database.ts";
import { environmentOf } from "../support/environment.ts";

const prod = environmentOf("prod");
const [declared] = database.backups as [Backup];

function withBackup(changes: Partial<Backup>): Service {
  return { ...database, backups: [{ ...declared, ...changes }] };
}

/** What the component says of a service that it refuses, and whether it made anything before. */
async function refusal(service: Service): Promise<string> {
  let message = "";
  const made = await registered(() => {
    try {
      new MaintainedService(service.name, { environment: prod, service });
    } catch (error) {
      message = (error as Error).message;
    }
  });
  assert.deepEqual(made, [], "something was created before the refusal");
  return message;
}

describe("a declaration", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`has no fault in any service of ${stack}`, async () => {
      const environment = environmentOf(stack);
      const services = (await declaredServices()).map((service) => placed(service, environment));
      assert.deepEqual(
        services.flatMap((service) => declarationFaults(service, environment)),
        [],
      );
      assert.deepEqual(sharedNameFaults(services), []);
    });
  }

  const mistakes: { mistake: string; service: Service; faults: string[] }[] = [
    {
      mistake: "a number without a unit",
      service: withBackup({ deadline: "30" as never }),
      faults: [
        'backups[0].deadline is "30"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
      ],
    },
    {
      mistake: "objectives that are no whole number of a unit",
      service: {
        ...database,
        objectives: { ...database.objectives, recoveryPoint: assumed("1.5h"), recoveryTime: assumed("0h") },
      },
      faults: [
        'objectives.recoveryPoint is "1.5h"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
        'objectives.recoveryTime is "0h"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
      ],
    },
    {
      mistake: "a schedule that no clock knows",
      service: withBackup({ schedule: assumed("0 25 * * *") }),
      faults: [
        'backups[0].schedule is "0 25 * * *": hour is "25"; allowed: 0 to 23. Fix: write for example "0 2 * * *"',
      ],
    },
    {
      mistake: "a day of the month with a day of the week, which cron joins by OR",
      service: withBackup({ schedule: assumed("0 2 1-7 * 6") }),
      faults: [
        'backups[0].schedule is "0 2 1-7 * 6", which runs on days 1-7 of the month and on every saturday as well: cron joins the two by OR; allowed: a day of month or a day of week, not both. Fix: write "0 2 1-7 * *" with only: { weekday: "saturday" }',
      ],
    },
    {
      mistake: "a schedule that breaks its recovery point, with the arithmetic",
      service: withBackup({ deadline: "90m" }),
      faults: [
        'backups[0].schedule is "0 2 * * *", which can lose 26h (longest gap 24h + starting deadline 30m + deadline 1h 30m); allowed: less than the recovery point of 26h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point',
      ],
    },
    {
      mistake: "a CronJob's name of 53 characters",
      service: withBackup({ job: "a".repeat(53) }),
      faults: [
        `backups[0].name is "${"a".repeat(53)}" (53 characters); allowed: at most 52 lower-case letters, digits and dashes. Fix: give it a shorter, plain name`,
      ],
    },
    {
      mistake: "critical alerts without a pager",
      service: { ...database, notify: { ...database.notify, critical: ["slack"] } },
      faults: [
        'mplp.notify.critical is slack: critical without a pager; allowed: pagerduty among them, where upkeep:alerting.pages is true. Fix: add "pagerduty"',
      ],
    },
    {
      mistake: "two datastores of one name",
      service: { ...database, datastores: [...database.datastores, ...database.datastores] },
      faults: ['datastores is with "main" twice; allowed: each name once. Fix: rename or remove one'],
    },
    {
      mistake: "two backups of one CronJob's name",
      service: { ...database, backups: [declared, { ...declared, prefix: "again/" }] },
      faults: ['backups is with "mplp-backup" twice; allowed: each name once. Fix: rename or remove one'],
    },
  ];
  for (const { mistake, service, faults } of mistakes) {
    it(`is refused for ${mistake}, before anything is created`, async () =>
      assert.equal(await refusal(service), [`service "mplp" cannot be deployed:`, ...faults].join("\n- ")));
  }

  it("is refused for the same CronJob twice in one namespace", () => {
    const other = { ...database, name: "other" };
    assert.deepEqual(sharedNameFaults([database, other]).map(faultMessage), [
      'a CronJob is "mplp-production/mplp-backup", declared more than once; allowed: each name once. Fix: rename one',
      'a CronJob is "mplp-production/mplp-drill", declared more than once; allowed: each name once. Fix: rename one',
      'a CronJob is "mplp-production/mplp-backup-restore", declared more than once; allowed: each name once. Fix: rename one',
      'a CronJob is "mplp-production/mplp-health-monitor", declared more than once; allowed: each name once. Fix: rename one',
    ]);
  });

  it("is refused for two services of one name", () => {
    const elsewhere = { ...database, namespace: "elsewhere" };
    assert.deepEqual(sharedNameFaults([database, elsewhere]).map(faultMessage), [
      'a service is "mplp", declared more than once; allowed: each name once. Fix: rename one',
    ]);
  });

  it("may have the same CronJob's name in two namespaces", () => {
    assert.deepEqual(sharedNameFaults([database, { ...database, name: "other", namespace: "other" }]), []);
  });

  it("has its CronJob where its datastore is: there two of one name meet", () => {
    const { monitor: _, ...unmonitored } = database;
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
      sharedNameFaults([inDatabases(here) as Service, inDatabases(there) as Service]).map(({ got }) => got),
      ["mplp-backup", "mplp-drill", "mplp-backup-restore"].map((job) => `"databases/${job}", declared more than once`),
    );
    assert.deepEqual(sharedNameFaults([{ ...here, datastores: [] }, there]), []);
  });

  it("is refused for a service that is maintained and retired at once", () => {
    const both = { ...prod, services: ["mplp", "tapio"], retired: ["tapio", "js-mcp"] };
    assert.deepEqual(bothFaults(both).map(faultMessage), [
      'upkeep:retired in Pulumi.prod.yaml is "tapio", which is in upkeep:services too; allowed: each service in one of the two. Fix: take it out of one',
    ]);
  });
});
