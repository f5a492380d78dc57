import { createHash } from "node:crypto";
import type { Live } from "../provider.ts";
import type { Properties } from "../values.ts";
import type { Configuration } from "./configuration.ts";
import { partitionOf } from "./partition.ts";

/**
 * What AWS would have answered, by the type: ids and ARNs of the form that the vendor's plugin records, the same for the same resource
 * each time. An offline preview of a change needs them: with unknown ids each policy that names a key would be unknown, before and after.
 */
export function inventedResource(type: string, urn: string, inputs: Properties, configuration: Configuration): Live {
  const account = configuration.allowedAccountIds?.[0] ?? "000000000000";
  const region = String(inputs.region ?? configuration.region);
  const { name: partition, domain } = partitionOf(region);
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const number = hash(urn);
  const uuid = number.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
  const { bucket, name } = inputs;
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return live(bucket, {
        arn: `arn:${partition}:s3:::${bucket}`,
        bucketDomainName: `${bucket}.s3.${domain}`,
        bucketRegionalDomainName: `${bucket}.s3.${region}.${domain}`,
        bucketRegion: region,
      });
    case "aws:kms/key:Key":
      return live(uuid, { keyId: uuid, arn: arn("kms", `key/${uuid}`) });
    case "aws:kms/alias:Alias":
      return live(name, { arn: arn("kms", String(name)), targetKeyArn: arn("kms", `key/${inputs.targetKeyId}`) });
    case "aws:iam/role:Role": {
      const uniqueId = `AROA${number.slice(0, 17).toUpperCase()}`;
      return live(name, {
        arn: `arn:${partition}:iam::${account}:role${inputs.path ?? "/"}${name}`,
        uniqueId,
        createDate: "2000-01-01T00:00:00Z",
      });
    }
    case "aws:iam/rolePolicy:RolePolicy":
      return live(`${inputs.role}:${name}`, {});
    case "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
      const associationId = `a-${number.slice(0, 17)}`;
      const associationArn = arn("eks", `podidentityassociation/${inputs.clusterName}/${associationId}`);
      return live(associationId, { associationId, associationArn });
    }
    default:
      return live(bucket ?? name ?? number, {});
  }
}

function live(id: unknown, state: Properties): Live {
  return { id: String(id), state };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
