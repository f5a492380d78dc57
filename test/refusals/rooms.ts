import { globSync } from "node:fs";
import { join } from "node:path";
import type { Room } from "./room.ts";

const folder = join(import.meta.dirname, "rooms");

/** Every file of rooms/, in the order of their names. */
export const rooms: Room[] = await Promise.all(
  globSync("*.ts", { cwd: folder })
    .sort()
    .map(async (file) => ((await import(join(folder, file))) as { room: Room }).room),
);
