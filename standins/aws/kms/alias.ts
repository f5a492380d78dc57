import { CreateAliasCommand, DeleteAliasCommand, paginateListAliases, UpdateAliasCommand } from "@aws-sdk/client-kms";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({
  name: z
    .string()
    .max(256)
    .regex(
      /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
      'must begin with "alias/", not "alias/aws/", then letters, digits, / _ and -',
    ),
  targetKeyId: z.string(),
});

export const alias: Kind<typeof inputs> = {
  type: "aws:kms/alias:Alias",
  inputs,
  replaceOn: ["name"],
  name: "name",
  computed: ["arn", "targetKeyArn"],
  respell: { targetKeyId: sameKey },

  async create({ kms }, { name: AliasName, targetKeyId: TargetKeyId }) {
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    return AliasName;
  },

  async read({ kms: client, region }, id) {
    for await (const { Aliases = [] } of paginateListAliases({ client }, {})) {
      const found = Aliases.find(({ AliasName }) => AliasName === id);
      if (found?.TargetKeyId === undefined) continue;
      const { AliasArn = "", TargetKeyId } = found;
      return {
        name: id,
        arn: AliasArn,
        targetKeyId: TargetKeyId,
        targetKeyArn: AliasArn.replace(/:alias\/.*/, `:key/${TargetKeyId}`),
        region,
      };
    }
    return undefined;
  },

  async update({ kms }, AliasName, { targetKeyId: TargetKeyId }) {
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId }));
  },

  async delete({ kms }, AliasName) {
    await unlessAbsent(kms.send(new DeleteAliasCommand({ AliasName })), "NotFoundException");
  },
};

/** A key's ARN and its id name the same key. */
function sameKey(before: unknown, value: unknown): unknown {
  const keyId = (text: unknown) => String(text).replace(/^arn:.*:key\//, "");
  return keyId(before) === keyId(value) ? before : value;
}
