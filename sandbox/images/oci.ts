import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";

/** How containers of an image start, in the words of the OCI image specification. */
export interface ImageConfig {
  User?: string;
  Env: string[];
  Entrypoint: string[];
  Cmd?: string[];
  WorkingDir?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
  StopSignal?: string;
}

/** Says of an image that it is not its vendor's. */
export const STAND_IN_LABEL = "org.upkeep.sandbox.stand-in";

interface Blob {
  digest: string;
  size: number;
}

/** Nothing of an image depends on when it was made. */
const EPOCH = "1970-01-01T00:00:00Z";

/**
 * Writes a root filesystem as an image of one layer: an OCI layout in a tar, as `ctr images import` takes it.
 *
 * @param name the full name, registry included, that the import gives it
 * @param file the tar to write; folders beside it named after it are used and removed
 */
export async function writeImage(name: string, root: string, config: ImageConfig, file: string): Promise<void> {
  const layout = `${file}.layout`;
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });

  const layer = await storeLayer(layout, root);
  const image = await storeJson(layout, {
    created: EPOCH,
    architecture: "amd64",
    os: "linux",
    config: { ...config, Labels: { [STAND_IN_LABEL]: "true" } },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
    history: [{ created: EPOCH, comment: "made by Upkeep's sandbox from packages; not the vendor's image" }],
  });
  const manifest = await storeJson(layout, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...image },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  });
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(
    join(layout, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        {
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          ...manifest,
          platform: { architecture: "amd64", os: "linux" },
          annotations: { "io.containerd.image.name": name },
        },
      ],
    }),
  );
  await archive(layout, file);
  await rm(layout, { recursive: true });
}

/** A tar that depends on the folder's content alone. */
async function archive(folder: string, file: string): Promise<void> {
  const flags = ["--sort=name", "--mtime=@0", "--numeric-owner", "--format=gnu"];
  await execa("tar", ["--create", ...flags, "--file", file, "--directory", folder, "."]);
}

async function storeLayer(layout: string, root: string): Promise<Blob> {
  const file = join(layout, "layer.tar");
  await archive(root, file);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest("hex");
  await rename(file, join(layout, "blobs/sha256", digest));
  return { digest: `sha256:${digest}`, size: (await stat(join(layout, "blobs/sha256", digest))).size };
}

async function storeJson(layout: string, value: object): Promise<Blob> {
  const text = JSON.stringify(value);
  const digest = createHash("sha256").update(text).digest("hex");
  await writeFile(join(layout, "blobs/sha256", digest), text);
  return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}
