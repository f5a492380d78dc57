import assert from "node:assert/strict";
import { program } from "../../components/jobs/program.ts";

describe("a program that is carried in a pod", () => {
  it("is a shell program's file as it is", () =>
    assert.match(program("postgres/dump.sh"), /^#!\/usr\/bin\/env bash\n/));

  it("holds what it imports from its neighbours, each once, and no import that a pod could not follow", () => {
    const text = program("health/monitor.ts");
    assert.doesNotMatch(text, /^import (?!type )[^;]* from "\./m);
    assert.equal(text.match(/^async function deliver\(|^function whyUnanswered\(/gm)?.length, 2);
    assert.equal(text.match(/^import \{ connect \} from "node:net";$/gm)?.length, 1);
  });

  it("that is not there is named", () => assert.throws(() => program("health/none.ts"), /health\/none\.ts/));
});
