import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Settings } from "../settings.ts";

/** Passwords that are generated once, and kept in a file that only its owner can read. */
export class Passwords {
  readonly #file: string;
  readonly #known: Record<string, string>;

  private constructor(file: string, known: Record<string, string>) {
    this.#file = file;
    this.#known = known;
  }

  static async read(settings: Settings): Promise<Passwords> {
    const file = join(settings.directory, "world", "passwords.json");
    const text = await readFile(file, "utf8").catch(() => "{}");
    return new Passwords(file, JSON.parse(text));
  }

  of(name: string): string {
    this.#known[name] ??= randomBytes(18).toString("base64url");
    return this.#known[name];
  }

  async keep(): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    await writeFile(this.#file, `${JSON.stringify(this.#known, null, 1)}\n`, { mode: 0o600 });
  }
}
