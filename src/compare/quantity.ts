const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** An exact quantity in units of 10^-30, or undefined where the text is none. */
function exact(text: string): bigint | undefined {
  const match = /^([+-]?)(\d{0,30})(?:\.(\d{0,20}))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,2}))$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power, suffix, exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const tens = exponent === undefined ? (decimal[suffix ?? ''] ?? 0) : Number(exponent);
  const scale = 30 + tens - fraction.length;
  if (scale < 0) return undefined;
  const value =
    BigInt(whole + fraction) * 10n ** BigInt(scale) * 1024n ** BigInt(power ? binary.indexOf(power) + 1 : 0);
  return sign === '-' ? -value : value;
}

/**
 * Whether two spellings of a Kubernetes quantity are the same amount: `1000m` and `1`, `0.5` and `500m`, `1024Mi` and `1Gi`.
 * False wherever one of them is no quantity, or is finer than what can be told exactly.
 */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if ((typeof a !== 'string' && typeof a !== 'number') || (typeof b !== 'string' && typeof b !== 'number'))
    return false;
  const value = exact(String(a));
  return value !== undefined && value === exact(String(b));
}

/** A quantity as a number of its base unit (cores, bytes), or undefined where the value is none. */
export function amountOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const found = exact(String(value));
  return found === undefined ? undefined : Number(found) / 1e30;
}

/** Fields that hold quantities by name. */
const holders = new Set(['limits', 'requests', 'capacity', 'podFixed', 'hard', 'allocatedResources']);
/** Fields of the items of a LimitRange. */
const bounds = new Set(['default', 'defaultRequest', 'max', 'min']);

/**
 * Whether a place in an object of a built-in kind holds a quantity, which the server writes in its own way. Only in a spec: a key
 * of a ConfigMap, a label or a schema may have any name, and its text is only what it is.
 */
export function isQuantityPath(path: readonly string[]): boolean {
  const [top, second] = path;
  const [parent, last] = [path.at(-2), path.at(-1)];
  if (top === 'overhead') return parent === 'podFixed';
  if (top !== 'spec' || parent === undefined || path.includes('openAPIV3Schema')) return false;
  if (last === 'sizeLimit') return parent === 'emptyDir';
  return holders.has(parent) || (second === 'limits' && bounds.has(parent));
}
