import { sandboxUnderTest } from "../support/sandbox.ts";
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
    const results = plays.map(() => Promise.withResolvers<void>());
    const all = [controls, ...results];
    // A result that no test waits for yet is no accident.
    for (const { promise } of all) promise.catch(() => {});
    let over: Promise<void>;

    before(() => {
      over = sandboxUnderTest().then((sandbox) =>
        withStage(sandbox, async (stage) => {
          await Promise.all(kinds.map((kind, index) => control(stage, kind, index === 0 ? "controller" : "template")));
          controls.resolve();
          const waiting = plays.map(
            ({ play }, index) =>
              () =>
                play(stage).then(results[index]?.resolve, results[index]?.reject),
          );
          const worker = async () => {
            for (let next = waiting.shift(); next; next = waiting.shift()) await next();
          };
          await Promise.all(Array.from({ length: AT_ONCE }, worker));
        }),
      );
      over.catch((error) => {
        for (const { reject } of all) reject(error);
      });
    });
    after(() => over);

    it(`publishes, without a fault, what restores: ${kinds.join(", ")}`, () => controls.promise);
    for (const [index, { title: name }] of plays.entries()) it(name, () => results[index]?.promise);
  });
}
