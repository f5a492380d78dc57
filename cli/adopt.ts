import { Problem } from "./common/problem.ts";
import { say, step } from "./common/progress.ts";
import { engineOf } from "./engine.ts";
import { importExisting } from "./importExisting.ts";
import { knownStack } from "./preview.ts";

const SECRET = "kubernetes:core/v1:Secret";

/**
 * `make adopt STACK=… RESOURCE=… ID=…`: takes over one object that exists, such as a CronJob that was created by hand with
 * the name that the program declares: the next `up` updates it to match. See docs/adopt.md.
 */
export async function run([stackName, resource, id]: string[]): Promise<void> {
  const stack = await knownStack("adopt", stackName);
  if (!resource || !id) {
    throw new Problem(
      `RESOURCE or ID is missing; allowed: a resource's name as \`make preview STACK=${stack}\` shows it, and <namespace>/<name> of the object. ` +
        `Try: make adopt STACK=${stack} RESOURCE=shop-orders-cronjob ID=shop/shop-orders-backup`,
    );
  }
  const engine = await engineOf(stack);
  await step(`importing ${id} as ${resource}`, async () => {
    const { imported, refused } = await importExisting(
      engine,
      stack,
      ({ name, type }) => {
        if (name !== resource) return undefined;
        if (type === SECRET) throw new Problem(leaks(stack, resource, id));
        return id;
      },
      false,
    );
    const [failure] = refused;
    if (failure) throw new Problem(`${id} could not be imported as ${resource}:\n${failure.why}`);
    if (imported.length === 0)
      throw new Problem(
        `the program would not create ${resource}: it is in the state already, or the name is wrong. Fix: copy the name from \`make preview STACK=${stack}\``,
      );
  });
  say(`the next pulumi up --stack ${stack} changes it to what is declared`);
}

/** An import reads the object as it is: what `kubectl apply` noted on it in clear text would be in the state. */
function leaks(stack: string, resource: string, id: string): string {
  const [namespace, name] = id.split("/");
  return (
    `${resource} is a Secret, and its import may write its clear text to the state; allowed: any other kind. Fix: ` +
    `kubectl --namespace ${namespace} annotate secret ${name} kubectl.kubernetes.io/last-applied-configuration- ` +
    `&& PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack ${stack} --policy-pack policies --policy-pack-config policies/config/${stack}.json`
  );
}
