/** The partition and its hosts' domain, as the vendor's plugin derives them from the region. Our own: the program's may be wrong. */
export function partitionOf(region: string): { name: string; domain: string } {
  if (region.startsWith("cn-")) return { name: "aws-cn", domain: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { name: "aws-us-gov", domain: "amazonaws.com" };
  if (region.startsWith("eusc-")) return { name: "aws-eusc", domain: "amazonaws.eu" };
  return { name: "aws", domain: "amazonaws.com" };
}
