/** A uid that Grafana accepts. Source: grafana.com/docs/grafana/latest/developers/http_api/dashboard, "Identifier (id) vs unique identifier (uid)". */
const accepted = /^[\w-]{1,40}$/;

/**
 * The uid of a service's dashboard, the end of its address: the same at each update, and another one in each environment, because several may
 * share one Grafana. A name that is too long, or has a dot, is cut and ends with digits that distinguish it.
 */
export function dashboardUid(service: string, environment: string): string {
  // No service has an underscore in its name.
  const name = `${service}_${environment}`;
  if (accepted.test(name)) return name;
  return `${name.replaceAll(/[^\w-]/g, "-").slice(0, 31)}-${fnv1a(name)}`;
}

/** Eight hexadecimal digits of a text. Source: datatracker.ietf.org/doc/html/draft-eastlake-fnv, FNV-1a of 32 bits. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
