import { inlineSecretFaults } from "../domain/kubernetes/inlineSecret.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import { defineObjectPolicy } from "./defineObjectPolicy.ts";
import { unknownPath } from "./unknownPath.ts";

export const noInlineSecret = defineObjectPolicy({
  name: "no-inline-secret",
  description:
    "A credential in an object, in the program or in the state is known to everyone who may read one of them.",
  severity: "critical",
  blocks: "all",
  unexemptible: "who reads the object knows the credential, whatever its reason",
  faults: ({ kind, fields }, attempt) => inlineSecretFaults(kind, fields, heeding(attempt)),
});

/** Fields that can hold a credential, or contain such a field. Unknown values elsewhere are names, images, times. */
const mayHoldOne =
  /(?:^|\.)(?:env|command|args|httpHeaders|annotations|data|binaryData|stringData|values|url)\b|(?:^|\.)(?:metadata|spec|template|jobTemplate|\w*[cC]ontainers(?:\[\d+\])?)$/;

/** The annotation with which EKS binds a role to a ServiceAccount: the ARN of a role that may not exist yet. */
const ROLE = "eks.amazonaws.com/role-arn";

/** Ignores unknown values in fields that cannot hold a credential; other policies report those. */
function heeding(attempt: Attempt): Attempt {
  return (check) =>
    attempt(() => {
      try {
        return check();
      } catch (error) {
        const path = unknownPath(error);
        if (path === undefined || (mayHoldOne.test(path) && !path.endsWith(ROLE))) throw error;
        return [];
      }
    });
}
