import assert from "node:assert/strict";
import { ofContainers, type PodSpec } from "../../../domain/kubernetes/podSpec.ts";
import { type Attempt, runCheck } from "../../../domain/values/attempt.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { forgiving, unread } from "../../support/unread.ts";

const seen: Fault = { code: "seen", path: "seen", got: undefined, allowed: "nothing", fix: "none" };

/** The arguments of a check for each container of a pod: its path and its image. */
function told(pod: PodSpec, attempt: Attempt = runCheck): [at: string, image: string | undefined][] {
  const all: [string, string | undefined][] = [];
  ofContainers(pod, "spec", attempt, ({ image }, at) => {
    all.push([at, image]);
    return [];
  });
  return all;
}

describe("a pod's containers", () => {
  it("are each judged, init containers first, by name where they have one", () => {
    const pod = {
      containers: [{ name: "app", image: "a" }, { image: "b" }, { name: "", image: "c" }],
      initContainers: [{ name: "prepare", image: "d" }],
    };
    assert.deepEqual(told(pod), [
      ["spec.initContainers[name=prepare]", "d"],
      ["spec.containers[name=app]", "a"],
      ["spec.containers[1]", "b"],
      ["spec.containers[name=]", "c"],
    ]);
  });

  it("do not exist where the pod has no list of them", () => assert.deepEqual(told({}), []));

  it("give all faults that the check finds in them", () => {
    const pod = { initContainers: [{}], containers: [{}, {}] };
    assert.deepEqual(
      ofContainers(pod, "template", runCheck, (_, at) => [seen, { ...seen, path: at }]).map(({ path }) => path),
      ["seen", "template.initContainers[0]", "seen", "template.containers[0]", "seen", "template.containers[1]"],
    );
  });

  it("are judged as nothing where one of them is null", () => {
    const pod = { containers: [null, { name: "app", image: "a" }] } as unknown as PodSpec;
    assert.deepEqual(told(pod), [
      ["spec.containers[0]", undefined],
      ["spec.containers[name=app]", "a"],
    ]);
  });

  it("are judged but for what a preview does not know: one list, one container, or only its name", () => {
    const app = { name: "app", image: "a" };
    const list = unread({ containers: [app] }, "initContainers") as PodSpec;
    assert.deepEqual(told(list, forgiving), [["spec.containers[name=app]", "a"]]);
    const one = { containers: unread([{}, app], "0") } as PodSpec;
    assert.deepEqual(told(one, forgiving), [["spec.containers[name=app]", "a"]]);
    const nameless = { containers: [unread({ image: "b" }, "name"), app] } as PodSpec;
    assert.deepEqual(told(nameless, forgiving), [
      ["spec.containers[0]", "b"],
      ["spec.containers[name=app]", "a"],
    ]);
  });

  it("are not judged in part where nothing guards the check", () => {
    const nameless = { containers: [unread({}, "name")] } as PodSpec;
    assert.throws(() => told(nameless), /^Error: name is not known yet$/);
  });
});
