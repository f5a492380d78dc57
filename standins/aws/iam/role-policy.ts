import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { respellPolicy } from "../policy.ts";
import { policyDocument } from "../schema.ts";

const inputs = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,128}$/, "must be 1 to 128 letters, digits and _+=,.@-"),
  policy: policyDocument,
  role: z.string(),
});
type Inputs = z.infer<typeof inputs>;

const absent = ["NoSuchEntity", "NoSuchEntityException"];

export const rolePolicy: Kind<typeof inputs> = {
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs,
  replaceOn: ["name", "role"],
  name: "name",
  computed: [],
  respell: { policy: respellPolicy },

  async create(api, wanted) {
    await put(api, wanted);
    return `${wanted.role}:${wanted.name}`;
  },

  async read({ iam }, id) {
    const [RoleName, PolicyName] = id.split(":");
    const found = await unlessAbsent(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })), ...absent);
    return found && { role: RoleName, name: PolicyName, policy: decodeURIComponent(found.PolicyDocument ?? "") };
  },

  update: (api, _id, wanted) => put(api, wanted),

  async delete({ iam }, id) {
    const [RoleName, PolicyName] = id.split(":");
    await unlessAbsent(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })), ...absent);
  },
};

async function put({ iam }: Api, { role, name, policy }: Inputs): Promise<void> {
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
}
