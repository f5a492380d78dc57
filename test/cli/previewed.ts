import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

export interface PreviewedResource {
  name: string;
  /** "aws:s3/bucket:Bucket" */
  type: string;
  /** With the provider's defaults, and UNKNOWN for what is not known before the `up`. */
  inputs: Record<string, unknown>;
}

export interface Previewed {
  resources: PreviewedResource[];
  messages: string[];
  /** How often it connected to the cluster that the user's own kubeconfig has for the stack. */
  connections: number;
}

const made = new Map<string, Promise<Previewed>>();

/** What the preview of a stack says as JSON, to a user whose own kubeconfig has the stack's context. Made once for all tests. */
export function previewed(stack: string): Promise<Previewed> {
  const found = made.get(stack) ?? preview(stack);
  made.set(stack, found);
  return found;
}

async function preview(stack: string): Promise<Previewed> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "upkeep-own-kubeconfig-"));
  try {
    const kubeconfig = join(folder, "config");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clusters = [{ name: "it", cluster: { server: url } }];
    const contexts = [{ name: stack, context: { cluster: "it", user: "me" } }];
    await writeFile(kubeconfig, JSON.stringify({ clusters, contexts, users: [{ name: "me", user: { token: "t" } }] }));
    const { stdout } = await execa(process.execPath, [join(clone, "cli/main.ts"), "preview", stack, "--json"], {
      cwd: clone,
      stdin: "ignore",
      env: { KUBECONFIG: kubeconfig },
    });
    const { steps, diagnostics } = JSON.parse(stdout) as Output;
    return {
      resources: steps.map(({ urn, newState: { type, inputs = {} } }) => ({ name: urn, type, inputs })),
      messages: diagnostics.map(({ message }) => message),
      connections,
    };
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** Of `pulumi preview --json`, as far as it is read. */
interface Output {
  steps: { urn: string; newState: { type: string; inputs?: Record<string, unknown> } }[];
  diagnostics: { message: string }[];
}
