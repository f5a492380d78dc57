/** Decimal and binary factors by suffix. Source: k8s.io/apimachinery, pkg/api/resource/quantity.go and suffix.go. */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A quantity as the Kubernetes API reads it: `100m`, `1.5Gi`, `.5`, `12e6`.
 *
 * @returns its value in units: cores, bytes
 * @throws RangeError when the API would refuse it
 */
export function parseQuantity(text: string | number): number {
  const [, number, exponent, suffix = ""] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text)) ?? [];
  if (number === undefined) throw new RangeError("not a quantity of the Kubernetes API");
  return Number(number) * (exponent === undefined ? (factors[suffix] as number) : 10 ** Number(exponent));
}
