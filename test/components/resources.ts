import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it, with the options that mocks do not show. */
export interface Registered {
  type: string;
  /** Types of its parents and its own, as its URN has them. */
  qualifiedType: string;
  name: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  retainOnDelete: boolean;
  /** Names of what must be there first. */
  dependencies: string[];
  /** What it was before: the type and name of each alias. */
  aliases: { type: string; name: string }[];
}

/**
 * Registers what `declare` declares with a mock of the engine's monitor, and returns all of it. A mock, because nothing is
 * to be created here; the suites that use the real engine and API prove what these make of the same resources.
 */
export async function registered(declare: () => void): Promise<Registered[]> {
  const found: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({
        id: `${name}-id`,
        state: { ...inputs, arn: `arn:${name}`, keyId: `${name}-key` },
      }),
      call: ({ token }) => {
        throw new Error(`${token} is not mocked`);
      },
    },
    "upkeep",
    "sandbox",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, callback: unknown): void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    found.push({
      type: request.getType(),
      qualifiedType: qualified(request.getParent(), request.getType()),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      aliases: request.getAliasesList().map((alias) => ({
        type: alias.getSpec()?.getType() || request.getType(),
        name: alias.getSpec()?.getName() || request.getName(),
      })),
      dependencies: request.getDependenciesList().map((urn) => urn.split("::").at(-1) as string),
    });
    register(request, callback);
  };
  const { stackTraceLimit } = Error;
  // Pulumi notes the stack of each promise that it makes: with ten frames a quarter of all time here.
  Error.stackTraceLimit = 1;
  try {
    declare();
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return found;
}

interface Request {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getParent(): string;
  getDependenciesList(): string[];
  getAliasesList(): { getSpec(): { getType(): string; getName(): string } | undefined }[];
}

function qualified(parent: string, type: string): string {
  const types = parent.split("::")[2];
  return types === undefined || types === "pulumi:pulumi:Stack" ? type : `${types}$${type}`;
}
