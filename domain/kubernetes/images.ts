import type { PostgresVersion } from "../declaration/datastore.ts";
import { parseImageReference } from "./imageReference.ts";

/**
 * Every image that a maintenance job runs: the vendors' own, by exact version tag, with the tools that each contains. A
 * program uses no others. A digest is added when it has been looked up in a registry.
 */
const dockerHub = "docker.io";

/**
 * Debian with bash, coreutils, findutils, sed, grep, awk, tar, gzip, zstd and that version's client and server programs on PATH.
 * User postgres is 999:999. Source: github.com/docker-library/postgres, 17/trixie and 15/bookworm Dockerfile.
 */
const postgres = {
  15: "library/postgres:15.14-bookworm",
  17: "library/postgres:17.6-trixie",
} as const satisfies Record<PostgresVersion, string>;

/**
 * Debian with bash, coreutils, sed, grep and Redis' own programs, redis-check-rdb among them. User redis is 999:999.
 * Source: github.com/redis/docker-library-redis, debian/Dockerfile.
 */
const redis = "library/redis:8.0.2-bookworm";

/** Amazon Linux 2023 with bash, coreutils, findutils, jq and the AWS CLI v2. No tar, no gzip. Source: github.com/aws/aws-cli, v2 docker/Dockerfile. */
const awsCli = "amazon/aws-cli:2.28.11";

/**
 * Debian with bash, coreutils, grep, sed, gzip, tar and Node on PATH, which runs TypeScript as it is. Beside them npm and yarn,
 * which no program uses. User node is 1000:1000. Source: github.com/nodejs/docker-node, 24/trixie-slim/Dockerfile.
 */
const node = "library/node:24.21.0-trixie-slim";

/** The numeric users that the images' programs run as. */
export const users = { postgres: 999, redis: 999, awsCli: 65_532, node: 1000 } as const;

export interface Images {
  postgres(version: PostgresVersion): string;
  redis: string;
  awsCli: string;
  node: string;
}

/** An image that a datastore declares in place of the vendor's, and the numeric user of its programs. */
interface DeclaredImage {
  image?: string;
  runAsUser?: number;
}

/** The image of a datastore's own steps, and the user that they run as. */
export interface ServerImage {
  image: string;
  user: number;
  /** Whether the declaration names the user: it is then kept where a cluster assigns the users of all others. */
  keepsUser?: true;
}

/**
 * The image in which a datastore is dumped, drilled and restored: the declared one, or the vendor's.
 *
 * @param vendors the vendor's image, and its user
 * @param registry as in `images`: it also mirrors what a declared image without a registry names
 */
export function serverImage(
  { image, runAsUser }: DeclaredImage,
  vendors: { image: string; user: number },
  registry: string = dockerHub,
): ServerImage {
  return {
    image: image === undefined ? vendors.image : withRegistry(image, registry),
    user: runAsUser ?? vendors.user,
    ...(runAsUser !== undefined && { keepsUser: true }),
  };
}

/** Docker Hub's official images are in its folder library. */
function withRegistry(image: string, registry: string): string {
  const reference = parseImageReference(image);
  if (reference.registry !== undefined) return image;
  return `${registry}/${reference.repository.includes("/") ? "" : "library/"}${image}`;
}

/**
 * Full references to the images.
 *
 * @param registry host, and path if any, of a registry that mirrors the vendors' repositories. @default Docker Hub
 */
export function images(registry: string = dockerHub): Images {
  return {
    postgres: (version) => `${registry}/${postgres[version]}`,
    redis: `${registry}/${redis}`,
    awsCli: `${registry}/${awsCli}`,
    node: `${registry}/${node}`,
  };
}
