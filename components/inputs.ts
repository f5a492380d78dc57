interface Args {
  environment: { name: string };
  service?: { name: string } | string;
}

/**
 * A component's inputs as the engine stores them: environment and service only by name. Stored in full, they would be in the state
 * a hundred times, and a change to either would show in every component of a preview.
 */
export function inputs<T extends Args>({ environment, service, ...own }: T): Record<string, unknown> {
  const name = typeof service === "object" ? service.name : service;
  return { environment: environment.name, ...(name !== undefined && { service: name }), ...own };
}
