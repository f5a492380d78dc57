import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import { ofContainers, type PodSpec } from "./podSpec.ts";

/** An image's name in its parts. */
export interface ImageReference {
  /** Host and port; undefined for the runtime's default registry. */
  registry: string | undefined;
  repository: string;
  tag: string | undefined;
  /** Algorithm and hexadecimal digits, such as `sha256:9f86…`. */
  digest: string | undefined;
}

// The grammar of github.com/distribution/reference, part by part.
const registryForm = /^([a-zA-Z0-9]+(?:[.-]+[a-zA-Z0-9]+)*|\[[a-fA-F0-9:]+\])(:\d+)?$/;
const repositoryForm = /^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

const form = "[registry[:port]/]repository[:tag][@digest], the repository in lower case";

/**
 * @param text such as `redis:8.2.1`, `registry.example.com:5000/team/app:1.4.0@sha256:…`
 * @throws RangeError when a container runtime would refuse it
 */
export function parseImageReference(text: string): ImageReference {
  const [name = "", digest, ...afterDigest] = text.split("@");
  const [first = "", ...rest] = name.split("/");
  // Without a dot, a port or capitals the first part is an organisation of the default registry, not a host: library/redis.
  const registry = rest.length > 0 && (first === "localhost" || /[.:A-Z]/.test(first)) ? first : undefined;
  const [repository = "", tag, ...afterTag] = (registry === undefined ? name : rest.join("/")).split(":");
  const wellFormed =
    afterDigest.length === 0 &&
    afterTag.length === 0 &&
    registryForm.test(registry ?? "localhost") &&
    repositoryForm.test(repository) &&
    tagForm.test(tag ?? "any") &&
    (digest === undefined || digestForm.test(digest));
  if (!wellFormed) {
    // Not quoted: an invalid name may be anything, even a password.
    throw new RangeError(
      `${text.length} characters are not an image reference; allowed: ${form}. Fix: write for example "redis:8.2.1"`,
    );
  }
  return { registry, repository, tag, digest };
}

/**
 * Whether an image's tag names one build: a version, a date, a build number or a commit, at the tag's start or after `-`, `_` or `.`.
 * So `17.6-trixie`, `v1.36.3`, `2026-11-22` and `sha-3f2c9a1` do; `17`, `lts` and `lts-alpine3.22` move.
 *
 * A version has two numbers or more; of Docker's official images three, because they publish `redis:7.2` as a series. A build number of three
 * digits counts elsewhere only: `ubuntu:104` would be a series too.
 */
export function isExactTag(repository: string, tag: string): boolean {
  if (/(^|[-_.])(\d{4,}|(?=[a-f]*\d)[0-9a-f]{7,64}(?![0-9a-z]))/.test(tag)) return true;
  const image = officialImage(repository);
  if (image === undefined) return /(^|[-_.])v?\d+\.\d/.test(tag) || /^\d{3,}$/.test(tag);
  const least = image === "postgres" ? /(^|[-_.])v?[1-9]\d\.\d/ : /(^|[-_.])v?\d+\.\d/;
  return (withTwoNumbers.has(image) && least.test(tag)) || /(^|[-_.])v?\d+\.\d+\.\d/.test(tag);
}

/** Official images whose releases have two numbers; postgres since 10. Source: github.com/docker-library/official-images, library/. */
const withTwoNumbers = new Set(["almalinux", "debian", "oraclelinux", "postgres", "rockylinux"]);

/** Name of an official image, also in a mirror: `redis` and `library/redis`; undefined for any other. */
function officialImage(repository: string): string | undefined {
  const [, name] = /^(?:(?:.+\/)?library\/)?([^/]+)$/.exec(repository) ?? [];
  return name;
}

/** Faults of images that can change without a deployment, or that no runtime accepts. */
export function imageFaults(pod: PodSpec, at = "spec", attempt: Attempt = runCheck): Fault[] {
  return ofContainers(pod, at, attempt, ({ image }, path) => imageFault(image, `${path}.image`));
}

/** Faults of one image's name. @param path of the name */
export function imageFault(image: string | undefined, path: string): Fault[] {
  if (!image) {
    const fix = 'name the image, for example "redis:8.2.1"';
    return [{ code: "missing-image", path, got: undefined, allowed: pinned, fix }];
  }
  let reference: ImageReference;
  try {
    reference = parseImageReference(image);
  } catch {
    const got = `${image.length} characters that are not an image reference`;
    return [{ code: "image-unreadable", path, got, allowed: form, fix: 'write for example "redis:8.2.1"' }];
  }
  const { registry, repository, tag, digest } = reference;
  // A name without a slash is an official image on Docker Hub alone.
  const named = registry === undefined || hubs.includes(registry) ? repository : `${registry}/${repository}`;
  if (digest !== undefined || (tag !== undefined && isExactTag(named, tag))) return [];
  const shown = image.length > 120 ? `…${image.slice(-120)}` : image;
  const example = `${repository.split("/").at(-1)}:1.2.3`;
  const fix = `name the version that runs today, as in "${example}", or its digest`;
  if (tag === undefined) {
    return [{ code: "image-without-tag", path, got: `"${shown}", which has no tag`, allowed: pinned, fix }];
  }
  return [{ code: "image-tag-moves", path, got: `"${shown}", which has a tag that moves`, allowed: pinned, fix }];
}

const hubs = ["docker.io", "index.docker.io", "registry-1.docker.io"];
const pinned = "an exact version tag, or a digest";
