import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a fake of GitHub's API gets. */
export interface Asked {
  method: string;
  url: string;
  body: string;
  authorization: string | undefined;
}

/** A fake of GitHub's API: each test answers what its command asks. */
export class FakeGitHub {
  readonly #server: Server;

  constructor(answer: (asked: Asked) => { status: number; answer: unknown }) {
    this.#server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { method = "", url = "", headers } = request;
      const said = answer({ method, url, body, authorization: headers.authorization });
      response.writeHead(said.status, { "content-type": "application/json" }).end(JSON.stringify(said.answer));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}
