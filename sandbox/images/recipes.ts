import { join } from "node:path";
import { clone } from "../../cli/common/paths.ts";
import { imageNames } from "./names.ts";
import type { ImageConfig } from "./oci.ts";
import type { Suite } from "./suite.ts";

/** How the stand-in of one vendor image is made, as a Dockerfile would be. */
export interface Recipe {
  /** The vendor's name and tag, in the sandbox's registry. */
  name: string;
  suite: Suite;
  /** Names or apt patterns, installed with what they depend on. */
  packages: string[];
  /** Dependencies that are not installed. */
  without?: RegExp;
  /** A pip lock, installed for Python 3.13 into /usr/local/lib/python. */
  python?: string;
  /** Files that are added: where to, and from where. All are executable. */
  files: Record<string, string>;
  /** The shell that runs `setup` in the new root, before anything else is there. */
  shell: [program: string, ...args: string[]];
  /** Scripts that finish the new root from inside it, in this order. */
  setup: string[];
  config: ImageConfig;
}

const here = import.meta.dirname;
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const bash: Recipe["shell"] = ["/usr/bin/bash"];
const debian = join(here, "debian/setup.sh");

/** What every image on Debian's slim one starts from. */
const debianSlim = ["?essential", "passwd"];

/**
 * The images, each with the commands that the vendor's has, or fewer, so that a program that relies on another fails
 * here too. Sources of what the vendors' hold are with each.
 */
export const recipes: readonly Recipe[] = [
  postgres(17, "trixie"),
  postgres(15, "bookworm"),
  {
    // https://github.com/redis/docker-library-redis: Debian's slim image with Redis and setpriv. Trixie packages the
    // vendor's version, bookworm does not.
    name: imageNames.redis,
    suite: "trixie",
    packages: [...debianSlim, "redis-server"],
    without: /^(adduser|python3|lsb|perl|lib.*-perl)/,
    files: { "usr/local/bin/docker-entrypoint.sh": join(here, "redis/docker-entrypoint.sh") },
    shell: bash,
    setup: [debian, join(here, "redis/setup.sh")],
    config: {
      Env: [`PATH=${path}`],
      Entrypoint: ["docker-entrypoint.sh"],
      Cmd: ["redis-server"],
      WorkingDir: "/data",
      ExposedPorts: { "6379/tcp": {} },
      Volumes: { "/data": {} },
    },
  },
  {
    // https://github.com/aws/aws-cli/blob/v2/docker/Dockerfile: Amazon Linux 2023 with less, groff and, since July 2025,
    // findutils and jq (aws/aws-cli#9600). That base has bash, coreutils, gawk, grep, sed and curl, but no tar
    // (aws/aws-cli#5106), which or openssl; gzip is not promised. Left out here: curl, groff and dnf. Python is under no
    // name that a program would look for; the CLI is version 1, the newest that a registry has, with the checksums of awscrt, which
    // version 2 brings along.
    name: imageNames.awsCli,
    suite: "trixie",
    packages: ["bash", "coreutils", "findutils", "gawk", "grep", "sed", "jq", "less", "python3.13"],
    without: /^(debconf|debianutils|netbase|media-types)$/,
    python: join(here, "aws-cli/requirements.txt"),
    files: { "usr/local/bin/aws": join(here, "aws-cli/aws") },
    shell: bash,
    setup: [join(here, "aws-cli/setup.sh")],
    config: { Env: [`PATH=${path}`], Entrypoint: ["/usr/local/bin/aws"], WorkingDir: "/aws" },
  },
  {
    // https://github.com/nodejs/docker-node: Debian's slim image with Node, npm and yarn. The last two are omitted.
    name: imageNames.node,
    suite: "trixie",
    packages: [...debianSlim, "libstdc++6"],
    files: {
      "usr/local/bin/node": join(clone, "node_modules/node/bin/node"),
      "usr/local/bin/docker-entrypoint.sh": join(here, "node/docker-entrypoint.sh"),
    },
    shell: bash,
    setup: [debian, join(here, "node/setup.sh")],
    config: {
      Env: [`PATH=${path}`, "NODE_VERSION=24.21.0"],
      Entrypoint: ["docker-entrypoint.sh"],
      Cmd: ["node"],
    },
  },
  {
    // https://github.com/curl/curl-container: Alpine, so BusyBox and no bash, with curl and its certificates. The user has
    // a name only, so a pod that must not run as root has to say the number.
    name: imageNames.curl,
    suite: "trixie",
    packages: ["busybox-static", "curl", "ca-certificates"],
    without: /^(debconf|openssl|perl-base|openssl-provider-legacy)$/,
    files: { "entrypoint.sh": join(here, "curl/entrypoint.sh") },
    shell: ["/usr/bin/busybox", "sh"],
    setup: [join(here, "curl/setup.sh")],
    config: {
      User: "curl_user",
      Env: [`PATH=${path}`, "CURL_CA_BUNDLE=/cacert.pem"],
      Entrypoint: ["/entrypoint.sh"],
      Cmd: ["curl"],
      WorkingDir: "/home/curl_user",
    },
  },
  {
    // https://github.com/prometheus/alertmanager, Dockerfile: BusyBox with alertmanager and amtool. Debian's build of the
    // same version; its templates are in the package.
    name: imageNames.alertmanager,
    suite: "trixie",
    packages: ["busybox-static", "prometheus-alertmanager"],
    without: /^(adduser|passwd|debconf|init-system-helpers|lib(?!c6$).*|perl-base)$/,
    files: {},
    shell: ["/usr/bin/busybox", "sh"],
    setup: [join(here, "alertmanager/setup.sh")],
    config: {
      User: "nobody",
      Env: [`PATH=${path}`],
      Entrypoint: ["/bin/alertmanager"],
      Cmd: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
      WorkingDir: "/alertmanager",
      ExposedPorts: { "9093/tcp": {} },
      Volumes: { "/alertmanager": {} },
    },
  },
];

/**
 * https://github.com/docker-library/postgres: Debian's slim image with the server, its clients and contributed modules,
 * zstd and xz. Left out: LLVM (no program needs the just-in-time compiler), gosu (setpriv does), OpenSSL, Perl's library
 * and Debian's wrappers around the clients, which only choose among versions.
 */
function postgres(major: 15 | 17, suite: Suite): Recipe {
  return {
    name: imageNames.postgres(major),
    suite,
    packages: [...debianSlim, `postgresql-${major}`, "libnss-wrapper", "locales", "xz-utils", "zstd"],
    without:
      /^(perl|perl-modules.*|libperl.*|lib.*-perl|postgresql.*common.*|libllvm.*|libz3.*|ssl-cert|openssl|adduser|ucf)$/,
    files: { "usr/local/bin/docker-entrypoint.sh": join(here, "postgres/docker-entrypoint.sh") },
    shell: bash,
    setup: [debian, join(here, "postgres/setup.sh")],
    config: {
      Env: [
        `PATH=${path}:/usr/lib/postgresql/${major}/bin`,
        "LANG=en_US.utf8",
        `PG_MAJOR=${major}`,
        "PGDATA=/var/lib/postgresql/data",
      ],
      Entrypoint: ["docker-entrypoint.sh"],
      Cmd: ["postgres"],
      ExposedPorts: { "5432/tcp": {} },
      Volumes: { "/var/lib/postgresql/data": {} },
      StopSignal: "SIGINT",
    },
  };
}
