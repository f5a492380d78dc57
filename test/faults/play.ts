import { sandboxUnderTest } from "../support/sandbox.ts";
import { sideBySide } from "../support/sideBySide.ts";
import { control } from "./judge.ts";
import { type Kind, type Stage, withStage } from "./stage.ts";

/** A test that needs the stage. */
export interface Play {
  title: string;
  play(stage: Stage): Promise<void>;
}

/** How many plays run at once: most of a play's time is spent waiting for pods and retries. */
const AT_ONCE = 3;

/**
 * Declares a test for each play. They run several at once, after a control run of each kind: of these the first is started by the
 * CronJob controller.
 */
export function describePlays(title: string, kinds: Kind[], plays: Play[]): void {
  describe(title, function () {
    this.timeout("10m");
    const controls = Promise.withResolvers<void>();
    const played = Promise.withResolvers<Promise<void>[]>();
    // A rejection that no test awaits yet must not end the process.
    for (const { promise } of [controls, played]) promise.catch(() => {});
    let over: Promise<void>;

    before(() => {
      over = sandboxUnderTest().then((sandbox) =>
        withStage(sandbox, async (stage) => {
          await Promise.all(kinds.map((kind, index) => control(stage, kind, index === 0 ? "controller" : "template")));
          controls.resolve();
          const outcomes = sideBySide(
            AT_ONCE,
            plays.map(
              ({ play }) =>
                () =>
                  play(stage),
            ),
          );
          played.resolve(outcomes);
          await Promise.allSettled(outcomes);
        }),
      );
      over.catch((error) => {
        for (const { reject } of [controls, played]) reject(error);
      });
    });
    after(() => over);

    it(`publishes, without a fault, what restores: ${kinds.join(", ")}`, () => controls.promise);
    for (const [index, { title: name }] of plays.entries()) it(name, async () => (await played.promise)[index]);
  });
}
