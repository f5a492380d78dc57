import type { ResourceValidationPolicy } from "@pulumi/policy";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { bucketHardened } from "../../policies/bucket-hardened.ts";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { noInlineSecret } from "../../policies/no-inline-secret.ts";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import type { Registered } from "../components/resources.ts";
import { judge, judgeStack } from "./judge.ts";

const policies: ResourceValidationPolicy[] = [
  alertWellFormed,
  cronjobHardened,
  datastoreCovered,
  imagePinned,
  noInlineSecret,
  recoveryPointKept,
];

/** All that the policy pack says of resources, one by one and as a stack. */
export function violations(resources: Registered[]): string[] {
  const single = resources.flatMap(({ type, inputs }) => policies.flatMap((policy) => judge(policy, type, inputs)));
  const stack = resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
  return [...single, ...judgeStack(bucketHardened, stack)].map(({ message }) => message);
}
