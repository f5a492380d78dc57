import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfigFile } from "../../sandbox/parts/kubeconfig.ts";
import type { Settings } from "../../sandbox/settings.ts";
import { tool } from "../../sandbox/tools/index.ts";
import type { Series } from "../rules/promtool.ts";
import { freePort } from "../support/servers/server.ts";

const DAY = 86_400;

/** Series and their values at one moment. */
export interface Scrape {
  /** Seconds since 1970. */
  at: number;
  values: Map<string, number>;
}

export interface Exporter {
  /** @param names what a series must name to be kept: of thousands, some */
  scrape(names: RegExp): Promise<Scrape>;
  /** All that it shows. */
  page(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the real kube-state-metrics on loopback, with the resources that it exports by default; it watches the sandbox's API. */
export async function startExporter(settings: Settings): Promise<Exporter> {
  const [port, telemetry] = [await freePort(), await freePort()];
  const server = spawn(
    await tool("kube-state-metrics"),
    [
      `--kubeconfig=${kubeconfigFile(settings)}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      "--telemetry-host=127.0.0.1",
      `--telemetry-port=${telemetry}`,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  server.stderr.on("data", (text) => {
    said += text;
  });
  const page = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const scrape = async (names: RegExp): Promise<Scrape> => {
    const lines = (await page()).split("\n").filter((line) => !line.startsWith("#") && names.test(line));
    const values = lines.map((line): [string, number] => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    });
    return { at: Date.now() / 1000, values: new Map(values) };
  };
  for (let tries = 0; ; tries++) {
    const answered = await scrape(/kube_cronjob_info/).catch(() => undefined);
    if (answered?.values.size) break;
    if (tries > 100) throw new Error(`kube-state-metrics shows no CronJob. It said:\n${said}`);
    await sleep(200);
  }
  return {
    scrape,
    page,
    async stop() {
      server.kill();
      if (server.exitCode === null) await once(server, "exit");
    },
  };
}

/**
 * Scrapes as promtool's samples, one a minute: each value holds until the next scrape, and what that lacks goes stale.
 *
 * promtool's clock begins in 1970. Times are moved there by whole days, to its second.
 *
 * @param afterwards for how many minutes the last one holds
 * @returns also the moment of the last scrape, in minutes of promtool's clock
 */
export function samples(scrapes: Scrape[], afterwards: number): { series: Series; at: number } {
  const first = scrapes[0]?.at as number;
  const shift = Math.floor(first / DAY - 1) * DAY;
  const minutes: number[] = [];
  // Two scrapes of one minute are those of two: a sample has one value.
  for (const { at } of scrapes) minutes.push(Math.max(Math.round((at - shift) / 60), (minutes.at(-1) ?? 0) + 1));
  const last = minutes.at(-1) as number;
  const ends = [...minutes.slice(1), last + afterwards];
  const series: Series = {};
  for (const name of new Set(scrapes.flatMap(({ values }) => [...values.keys()]))) {
    let known = false;
    const parts = scrapes.map((scrape, index) => {
      const held = (ends[index] as number) - (minutes[index] as number);
      const value = scrape.values.get(name);
      const gone = known ? `stale${held > 1 ? ` _x${held - 1}` : ""}` : `_x${held}`;
      known = value !== undefined;
      return value === undefined ? gone : `${value > shift ? value - shift : value}x${held - 1}`;
    });
    series[name] = [`_x${minutes[0]}`, ...parts].join(" ");
  }
  return { series, at: last };
}
