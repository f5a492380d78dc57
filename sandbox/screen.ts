import type { S3Client } from "@aws-sdk/client-s3";
import { chosenProviders } from "../cli/engine.ts";
import { postureTable } from "../cli/posture.ts";
import { kindOf } from "../domain/backup/datastores/kinds.ts";
import type { Posture } from "../domain/posture.ts";
import { newestManifest } from "./firstBackups.ts";
import { s3Client } from "./parts/seaweedfs.ts";
import type { Settings } from "./settings.ts";

/** What now exists per service, what it keeps, and where to look further. */
export async function showScreen(settings: Settings, posture: Posture): Promise<void> {
  const lines = ["", `Upkeep keeps in ${posture.environment}:`];
  const s3 = await s3Client(settings);
  try {
    const services = await Promise.all(posture.services.map((service) => serviceLines(s3, service)));
    lines.push(...services.flat(), "", postureTable(posture));
  } finally {
    s3.destroy();
  }
  const [first] = posture.services.flatMap(({ backups }) => backups);
  const [namespace = ""] = first?.job.split("/") ?? [];
  lines.push(
    "",
    "Look further:",
    `  sandbox/in kubectl --namespace ${namespace} get cronjob,job,pod,networkpolicy,prometheusrule`,
    `  sandbox/in aws s3 ls --recursive ${first?.manifests.split("/").slice(0, 3).join("/")}/`,
    "  make backups        # each backup once that has published nothing yet",
    "",
    `The images are stand-ins for the vendors', made here from packages. ${pluginsShown[chosenProviders()]}`,
    "S3 is SeaweedFS, and moto, a mock, receives the settings that it lacks. `make down` removes everything.",
    "",
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function serviceLines(s3: S3Client, service: Posture["services"][number]): Promise<string[]> {
  const { name, namespace, team, backups } = service;
  const lines = ["", `${name}  (namespace ${namespace}, team ${team})`];
  for (const backup of backups) {
    const manifest = await newestManifest(s3, backup);
    lines.push(
      `  backup     ${backup.job} at "${backup.schedule}" UTC: loses at most ${backup.worstCaseLoss}, keeps ${backup.keep}`,
      manifest
        ? `  newest     ${manifest.startedAt}: ${kindOf(manifest).holds(manifest)}, ${manifest.bytes} bytes, read back whole`
        : "  newest     none yet: it runs as scheduled",
    );
  }
  return lines;
}

const pluginsShown = {
  "stand-ins": "The plugins for AWS and Kubernetes are stand-ins, too;",
  "vendor-kubernetes": "The plugin for AWS is a stand-in, too, that for Kubernetes is the vendor's;",
  vendor: "The plugins are the vendors';",
};
