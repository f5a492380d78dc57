import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { z } from "zod";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { respellPolicy, samePolicy } from "../policy.ts";
import { policyDocument, tags, wholeNumber } from "../schema.ts";

const inputs = z.strictObject({
  description: z.string().max(8192).default(""),
  keyUsage: z.enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"]).default("ENCRYPT_DECRYPT"),
  customerMasterKeySpec: z
    .enum([
      "SYMMETRIC_DEFAULT",
      "RSA_2048",
      "RSA_3072",
      "RSA_4096",
      "HMAC_256",
      "ECC_NIST_P256",
      "ECC_NIST_P384",
      "ECC_NIST_P521",
    ])
    .default("SYMMETRIC_DEFAULT"),
  policy: policyDocument.optional(),
  isEnabled: z.boolean().default(true),
  enableKeyRotation: z.boolean().default(false),
  deletionWindowInDays: wholeNumber(7, 30).optional(),
  tags,
});
type Inputs = z.infer<typeof inputs>;

export const key: Kind<typeof inputs> = {
  type: "aws:kms/key:Key",
  inputs,
  replaceOn: ["keyUsage", "customerMasterKeySpec"],
  computed: ["arn", "keyId", "policy"],
  local: { deletionWindowInDays: undefined },
  respell: { policy: respellPolicy },

  /** Every key has a policy: the default one was not declared. */
  declared(state, before) {
    const { policy, ...others } = state;
    const isDefault = typeof policy === "string" && samePolicy(policy, defaultPolicy(String(state.arn)));
    return isDefault && before?.policy === undefined ? others : state;
  },

  async create({ kms }, { description, keyUsage, customerMasterKeySpec, policy, tags: wanted }) {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        Description: description,
        KeyUsage: keyUsage,
        KeySpec: customerMasterKeySpec,
        Policy: policy,
        Tags: kmsTags(wanted),
      }),
    );
    return KeyMetadata?.KeyId ?? "";
  },

  async complete(api, id, wanted) {
    await change(api, id, wanted, { ...wanted, isEnabled: true, enableKeyRotation: false });
  },

  async read({ kms, region }, KeyId) {
    const found = await unlessAbsent(kms.send(new DescribeKeyCommand({ KeyId })), "NotFoundException");
    const metadata = found?.KeyMetadata;
    if (metadata === undefined || metadata.KeyState === "PendingDeletion") return undefined;
    const [rotation, policy, list] = await Promise.all([
      kms.send(new GetKeyRotationStatusCommand({ KeyId })),
      kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" })),
      kms.send(new ListResourceTagsCommand({ KeyId })),
    ]);
    return {
      arn: metadata.Arn,
      keyId: metadata.KeyId,
      description: metadata.Description ?? "",
      keyUsage: metadata.KeyUsage ?? "ENCRYPT_DECRYPT",
      customerMasterKeySpec: metadata.KeySpec,
      isEnabled: metadata.Enabled,
      enableKeyRotation: rotation.KeyRotationEnabled ?? false,
      multiRegion: false,
      policy: policy.Policy,
      tags: list.Tags?.length
        ? Object.fromEntries(list.Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
        : undefined,
      region,
    };
  },

  update: change,

  async delete({ kms }, KeyId, { deletionWindowInDays: PendingWindowInDays }) {
    const found = await unlessAbsent(kms.send(new DescribeKeyCommand({ KeyId })), "NotFoundException");
    if (found === undefined || found.KeyMetadata?.KeyState === "PendingDeletion") return;
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  },
};

/** A disabled key refuses all other changes: it is enabled first and disabled last. */
async function change({ kms }: Api, KeyId: string, wanted: Inputs, before: Inputs): Promise<void> {
  if (wanted.isEnabled && !before.isEnabled) await kms.send(new EnableKeyCommand({ KeyId }));
  if (wanted.enableKeyRotation !== before.enableKeyRotation) {
    await kms.send(
      wanted.enableKeyRotation ? new EnableKeyRotationCommand({ KeyId }) : new DisableKeyRotationCommand({ KeyId }),
    );
  }
  if (wanted.description !== before.description) {
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: wanted.description }));
  }
  if (wanted.policy !== undefined && wanted.policy !== before.policy) {
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: wanted.policy }));
  }
  const gone = Object.keys(before.tags ?? {}).filter((name) => wanted.tags?.[name] === undefined);
  if (gone.length > 0) await kms.send(new UntagResourceCommand({ KeyId, TagKeys: gone }));
  if (wanted.tags && wanted.tags !== before.tags) {
    await kms.send(new TagResourceCommand({ KeyId, Tags: kmsTags(wanted.tags) }));
  }
  if (!wanted.isEnabled && before.isEnabled) await kms.send(new DisableKeyCommand({ KeyId }));
}

function kmsTags(wanted: Record<string, string> = {}) {
  return Object.entries(wanted).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy(keyArn: string): string {
  const account = keyArn.split(":")[4];
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}
