import assert from "node:assert/strict";
import { readFrom, volumeFaults } from "../../../../domain/backup/datastores/volume.ts";
import type { Volume } from "../../../../domain/declaration/datastore.ts";
import { volume } from "../../../../domain/declaration/datastore.ts";
import type { Service } from "../../../../domain/declaration/service.ts";
import { declarationFaults } from "../../../../domain/declarationFaults.ts";
import { placed } from "../../../../domain/environment/placed.ts";
import { faultMessage } from "../../../../domain/values/fault.ts";
import { assumed } from "../../../../domain/values/sourced.ts";
import { jsMcp } from "../../../../services/js-mcp.ts";
import { tapio } from "../../../../services/tapio.ts";
import { environmentOf } from "../../../support/environment.ts";

const prod = environmentOf("prod");

/** Tapio with its volume, changed. */
function declaring(changes: Partial<Volume>, deadline?: "23m" | "15m"): Service {
  const datastores = tapio.datastores.map((one) => (one.kind === "volume" ? { ...one, ...changes } : one));
  const backups = tapio.backups.map((one) => (one.datastore === "data" && deadline ? { ...one, deadline } : one));
  return { ...tapio, datastores, backups };
}

const refusal = (service: Service) => volumeFaults(service).map(faultMessage);

describe("a volume", () => {
  const declared = tapio.datastores.find(({ kind }) => kind === "volume") as Volume;

  it("of 200Gi is backed up within Tapio's recovery point of an hour, as declared", () => {
    assert.deepEqual(refusal(tapio), []);
    assert.deepEqual(refusal(jsMcp), []);
  });

  it("that takes longer to read than its backup may is refused with the sum", () => {
    assert.deepEqual(refusal(declaring({ throughput: assumed("125Mi") })), [
      'backups[2].deadline is 23m, and "data" takes 27m 19s (200Gi at 125Mi a second); allowed: no less than the declared size over the declared throughput. Fix: lengthen it with the schedule\'s gap, raise the throughput that the volume and the network really have, or leave the backup to the storage (unprotected: says how)',
    ]);
    assert.equal(refusal(declaring({}, "15m")).length, 1);
    assert.deepEqual(refusal(declaring({ size: assumed("100Gi") }, "15m")), []);
  });

  it("that takes exactly as long fits", () => {
    const exactly = { size: assumed("138000Mi"), throughput: assumed("100Mi") } as const;
    assert.deepEqual(refusal(declaring(exactly)), []);
    assert.equal(refusal(declaring({ ...exactly, size: assumed("138001Mi") })).length, 1);
  });

  it("whose size or throughput cannot be read is refused in words", () => {
    const [fault] = refusal(declaring({ throughput: assumed("fast" as "1Mi") }));
    assert.match(
      fault ?? "",
      /^datastores "data" size or throughput is not readable; allowed: "fast" is not a size.* Fix: write for example assumed\("100Mi"\)$/,
    );
  });

  it("without a size is a mistake of the program, not of what is declared", () => {
    assert.throws(() => refusal(declaring({ size: undefined as never })), TypeError);
  });

  it("is read by whom its files belong to, never by root", () => {
    assert.deepEqual(refusal(declaring({ uid: 1, gid: 1 })), []);
    assert.deepEqual(refusal(declaring({ uid: 0, gid: 1.5 })), [
      'datastores "data" uid is 0; allowed: a whole number above 0: no job of ours runs as root. Fix: write the number that owns the files, as stat shows it in the service\'s pod',
      'datastores "data" gid is 1.5; allowed: a whole number above 0: no job of ours runs as root. Fix: write the number that owns the files, as stat shows it in the service\'s pod',
    ]);
  });

  it("is not read beside just any pod", () => {
    for (const from of [{ owner: {} }, { cloneClass: "gp3", otherwise: { owner: {} } }])
      assert.deepEqual(refusal(declaring({ from })), [
        'datastores "data" from.owner is without a label; allowed: labels that only the pods have that mount the volume. Fix: write for example { app: "server" }',
      ]);
  });

  it("is cloned where the cluster clones, else read beside its owner, else refused", () => {
    const without = environmentOf("staging");
    assert.equal(without.features.csiClones, false);
    assert.deepEqual(readFrom(declared, prod), declared.from);
    assert.deepEqual(readFrom(declared, without), { owner: { app: "tapio-server" } });
    const beside = { owner: { app: "files" } };
    assert.deepEqual(readFrom({ ...declared, from: beside }, without), beside);
    const onlyCloned = declaring({ from: { cloneClass: "gp3" } });
    const faults = (environment: typeof prod) =>
      declarationFaults(placed(onlyCloned, environment), environment).map(faultMessage);
    assert.deepEqual(faults(prod), []);
    assert.deepEqual(faults(without), [
      'datastores "data" from is a clone, which upkeep:features.csiClones in Pulumi.staging.yaml says that the cluster cannot make; allowed: a clone where the cluster makes clones, or another way beside it. Fix: add otherwise: { owner: { app: "…" } }, with the labels of the pods that mount it; or set csiClones to true where the CSI driver clones',
    ]);
  });

  it("that nobody backs up is not judged by where it is read from", () => {
    const files = volume("files", { ...declared, from: { cloneClass: "gp3" }, unprotected: "rebuilt by the service" });
    const datastores = [...tapio.datastores, files];
    assert.deepEqual(declarationFaults({ ...tapio, datastores }, environmentOf("staging")), []);
  });
});
