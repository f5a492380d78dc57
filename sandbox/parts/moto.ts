import type { Settings } from "../settings.ts";
import { get } from "./http.ts";
import type { Part } from "./part.ts";

/** Where moto answers, as the host sees it. */
export function motoUrl({ address, ports }: Settings): string {
  return `http://${address}:${ports.moto}`;
}

/** A mock of AWS: takes the bucket settings that SeaweedFS lacks, KMS keys and IAM roles. */
export const moto: Part = {
  name: "moto",
  program: "moto_server",
  ports: ["moto"],
  async prepare({ address, ports }) {
    return ["--host", address, "--port", `${ports.moto}`];
  },
  async check(settings) {
    await get(settings, `${motoUrl(settings)}/moto-api/data.json`);
  },
};
