import type { HealthCheck } from "../../domain/alerting/checks.ts";
import { askBackup } from "./backups.ts";
import type { Finding, Result } from "./finding.ts";
import { askHttp } from "./http.ts";
import { readPostgres, startupMessage } from "./postgres.ts";
import { PING, readRedis } from "./redis.ts";
import { exchange } from "./server.ts";

const CHECK_PAUSE_MS = 1000;

/** How a kind of check is asked. Methods and no properties, so that a row may be asked any check that its kind was looked up by. */
interface Question<K extends HealthCheck["kind"] = HealthCheck["kind"]> {
  /** The text before the instance in an alert's description. */
  title: string;
  ask(check: Extract<HealthCheck, { kind: K }>): Promise<Finding[]>;
}

const questions = {
  http: { title: "Endpoint", ask: (check) => twice(() => askHttp(check)) },
  postgres: { title: "PostgreSQL", ask: (check) => twice(() => exchange(check, startupMessage(check), readPostgres)) },
  redis: { title: "Redis", ask: (check) => twice(() => exchange(check, PING, readRedis)) },
  backup: { title: "Backups in", ask: askBackup },
} satisfies { [K in HealthCheck["kind"]]: Question<K> };

export const checkKinds: string[] = Object.keys(questions);

export function titleOf({ kind }: HealthCheck): string {
  return questions[kind].title;
}

export async function run(check: HealthCheck): Promise<Result[]> {
  const question: Question = questions[check.kind];
  return (await question.ask(check)).map((finding) => ({ check, ...finding }));
}

/** Checks once and, if that fails, again after a pause. Ends within twice the time-out and the pause, whatever the server does. */
async function twice(ask: () => Promise<Finding>): Promise<Finding[]> {
  const first = await ask();
  if (first.ok) return [first];
  await new Promise((resolve) => setTimeout(resolve, CHECK_PAUSE_MS));
  return [await ask()];
}
