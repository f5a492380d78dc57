interface SecretValue {
  secret: string;
  key: string;
}

/** Where prometheus-operator mounts a Secret for Alertmanager. Source: prometheus-operator.dev/docs/api-reference, AlertmanagerSpec.secrets. */
export function mounted({ secret, key }: SecretValue): string {
  return `/etc/alertmanager/secrets/${secret}/${key}`;
}

/** A value of a Secret in an AlertmanagerConfig: a SecretKeySelector. */
export function selector({ secret, key }: SecretValue): { name: string; key: string } {
  return { name: secret, key };
}

/** A map in an AlertmanagerConfig: a list of keys and values. */
export function keyValues(values: Record<string, string>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** The bearer token of requests, in Alertmanager's configuration. */
export function bearerFile(token: SecretValue | undefined): object {
  return token ? { http_config: { authorization: { type: "Bearer", credentials_file: mounted(token) } } } : {};
}

/** The bearer token of requests, in an AlertmanagerConfig. */
export function bearerSelector(token: SecretValue | undefined): object {
  return token ? { httpConfig: { authorization: { type: "Bearer", credentials: selector(token) } } } : {};
}
