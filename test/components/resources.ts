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
      newResource: ({ type }) => {
        throw new Error(`reading a ${type} is not mocked`);
      },
      call: ({ token }) => {
        throw new Error(`${token} is not mocked`);
      },
    },
    "upkeep",
    "sandbox",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  // In place of the mock's own: that copies each resource through the wire's format and back, and takes half of all time here.
  monitor.registerResource = (request, callback) => {
    const inputs = request.getObject()?.toJavaScript() ?? {};
    const [type, name] = [request.getType(), request.getName()];
    found.push({
      type,
      qualifiedType: qualified(request.getParent(), type),
      name,
      inputs,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      aliases: request.getAliasesList().map((alias) => ({
        type: alias.getSpec()?.getType() || type,
        name: alias.getSpec()?.getName() || name,
      })),
      dependencies: request.getDependenciesList().map((urn) => urn.split("::").at(-1) as string),
    });
    const state = { ...inputs, arn: `arn:${name}`, keyId: `${name}-key` };
    callback(null, {
      getUrn: () => monitor.newUrn(request.getParent(), type, name),
      getId: () => `${name}-id`,
      getObject: () => ({ toJavaScript: () => state }),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
      getUnknown: () => false,
    });
  };
  monitor.registerResourceOutputs = (_, callback) => callback(null, {});
  const { stackTraceLimit } = Error;
  // Pulumi notes the stack of each promise that it makes: with ten frames a quarter of all time here.
  Error.stackTraceLimit = 0;
  try {
    declare();
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return found;
}

interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: Request, callback: Callback): void;
  registerResourceOutputs(request: unknown, callback: Callback): void;
}

type Callback = (error: unknown, response: object) => void;

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
