import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of metrics that a test writes: it takes the place of exporters whose own pages other suites test. */
export interface Exporter {
  /** host:port */
  host: string;
  /** Lines as Prometheus scrapes them. */
  page: () => string;
  close(): void;
}

export async function startExporter(): Promise<Exporter> {
  const exporter = { page: () => "" };
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4").end(`${exporter.page()}\n`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(exporter, {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  });
}
