import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../settings.ts";
import { request } from "./http.ts";
import type { Part } from "./part.ts";

/** Where moto answers, as the host sees it. */
export function motoUrl({ address, ports }: Settings): string {
  return `http://${address}:${ports.moto}`;
}

/**
 * A mock of AWS: takes the bucket settings that SeaweedFS lacks, KMS keys and IAM roles. It keeps them in memory, and
 * records what it is asked; after a new start it is asked the same again, and a fixed seed gives the same identifiers.
 */
export const moto: Part = {
  name: "moto",
  program: "moto_server",
  ports: ["moto"],
  async prepare({ address, ports }) {
    return ["--host", address, "--port", `${ports.moto}`];
  },
  async environment(settings) {
    return { MOTO_RECORDER_FILEPATH: recording(settings) };
  },
  // Harmless when it already records, and the only request that is not itself recorded.
  async check(settings) {
    await request(settings, `${motoUrl(settings)}/moto-api/recorder/start-recording`, "POST");
  },
  async restore(settings) {
    const what = existsSync(recording(settings)) ? "recorder/replay-recording" : "seed?a=1";
    await request(settings, `${motoUrl(settings)}/moto-api/${what}`, "POST");
  },
};

function recording({ directory }: Settings): string {
  return join(directory, "moto-requests");
}
