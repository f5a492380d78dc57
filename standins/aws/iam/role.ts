import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { respellPolicy } from "../policy.ts";
import { policyDocument, tags, wholeNumber } from "../schema.ts";
import { tagList, tagMap } from "../spelling.ts";

const inputs = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,64}$/, "must be 1 to 64 letters, digits and _+=,.@-"),
  assumeRolePolicy: policyDocument,
  description: z.string().max(1000).default(""),
  path: z
    .string()
    .regex(/^\/(.*\/)?$/, "must begin and end with /")
    .default("/"),
  maxSessionDuration: wholeNumber(3600, 43_200).default(3600),
  permissionsBoundary: z.string().optional(),
  forceDetachPolicies: z.boolean().default(false),
  tags,
});

export const role: Kind<typeof inputs> = {
  type: "aws:iam/role:Role",
  inputs,
  replaceOn: ["name", "path"],
  name: "name",
  computed: ["arn", "createDate", "uniqueId"],
  local: { forceDetachPolicies: false },
  respell: { assumeRolePolicy: respellPolicy },

  async create({ iam }, args) {
    await iam.send(
      new CreateRoleCommand({
        RoleName: args.name,
        Path: args.path,
        AssumeRolePolicyDocument: args.assumeRolePolicy,
        Description: args.description || undefined,
        MaxSessionDuration: args.maxSessionDuration,
        PermissionsBoundary: args.permissionsBoundary,
        Tags: tagList(args.tags),
      }),
    );
    return args.name;
  },

  async read({ iam }, RoleName) {
    const found = await unlessAbsent(
      iam.send(new GetRoleCommand({ RoleName })),
      "NoSuchEntity",
      "NoSuchEntityException",
    );
    const role = found?.Role;
    return (
      role && {
        name: RoleName,
        arn: role.Arn,
        uniqueId: role.RoleId,
        createDate: role.CreateDate?.toISOString(),
        path: role.Path,
        description: role.Description ?? "",
        maxSessionDuration: role.MaxSessionDuration,
        assumeRolePolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ""),
        permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        tags: tagMap(role.Tags as Parameters<typeof tagMap>[0]),
      }
    );
  },

  async update({ iam }, RoleName, wanted, before) {
    if (wanted.assumeRolePolicy !== before.assumeRolePolicy) {
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: wanted.assumeRolePolicy }));
    }
    if (wanted.description !== before.description || wanted.maxSessionDuration !== before.maxSessionDuration) {
      const { description: Description, maxSessionDuration: MaxSessionDuration } = wanted;
      await iam.send(new UpdateRoleCommand({ RoleName, Description, MaxSessionDuration }));
    }
    if (wanted.permissionsBoundary) {
      const { permissionsBoundary: PermissionsBoundary } = wanted;
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    } else if (before.permissionsBoundary) {
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    }
    const gone = Object.keys(before.tags ?? {}).filter((key) => wanted.tags?.[key] === undefined);
    if (gone.length > 0) await iam.send(new UntagRoleCommand({ RoleName, TagKeys: gone }));
    if (wanted.tags) await iam.send(new TagRoleCommand({ RoleName, Tags: tagList(wanted.tags) }));
  },

  async delete(api, RoleName, { forceDetachPolicies }) {
    if (forceDetachPolicies) await removePolicies(api, RoleName);
    await unlessAbsent(api.iam.send(new DeleteRoleCommand({ RoleName })), "NoSuchEntity", "NoSuchEntityException");
  },
};

async function removePolicies({ iam }: Api, RoleName: string): Promise<void> {
  const absent = ["NoSuchEntity", "NoSuchEntityException"];
  const attached = await unlessAbsent(iam.send(new ListAttachedRolePoliciesCommand({ RoleName })), ...absent);
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  const inline = await unlessAbsent(iam.send(new ListRolePoliciesCommand({ RoleName })), ...absent);
  for (const PolicyName of inline?.PolicyNames ?? []) {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  }
}
