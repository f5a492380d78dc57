/** One of AWS' clouds, which share no account. */
export interface Partition {
  /** As ARNs have it, such as `aws-cn`. */
  name: string;
  /** The end of its hosts' names. */
  domain: string;
}

const commercial: Partition = { name: "aws", domain: "amazonaws.com" };

/** The others, by how the names of their regions begin. Source: the endpoint rules of AWS' SDKs. */
const others: Record<string, Partition> = {
  "cn-": { name: "aws-cn", domain: "amazonaws.com.cn" },
  "us-gov-": { name: "aws-us-gov", domain: "amazonaws.com" },
  "eusc-": { name: "aws-eusc", domain: "amazonaws.eu" },
};

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  const [, partition] = Object.entries(others).find(([start]) => region.startsWith(start)) ?? [];
  return partition ?? commercial;
}

/**
 * An ARN or a policy that is written for the commercial partition, as the partition of a region has it. Where hosts have other names,
 * conditions on a service that calls (`kms:ViaService`) and on a token's audience take both names: AWS documents neither for all partitions.
 */
export function inPartition(text: string, region: string): string {
  const { name, domain } = partitionOf(region);
  const there = text.replaceAll("arn:aws:", `arn:${name}:`);
  if (domain === commercial.domain) return there;
  return there.replace(/"((?:s3\.[^".]+|sts)\.)amazonaws\.com"/g, `["$1${commercial.domain}","$1${domain}"]`);
}

/** The partition that an ARN names. */
export function partitionOfArn(arn: string): string {
  return arn.split(":")[1] ?? "";
}
