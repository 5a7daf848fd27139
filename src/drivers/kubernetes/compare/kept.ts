/** Places whose value a PUT without it keeps from live, by kind. They must be named: no answer of the server tells them from defaults. */
const places: Readonly<Record<string, RegExp>> = {
  Service: /^spec\/(ports\/[^/]+\/nodePort|healthCheckNodePort)$/,
};

/**
 * Whether the server keeps what live has at a place where nothing is declared. What it allocated there is owned by nobody; what
 * somebody owns, somebody chose.
 */
export function isKept(kind: { group: string; kind: string }, path: readonly string[]): boolean {
  const own = kind.group === '' && Object.hasOwn(places, kind.kind) ? places[kind.kind] : undefined;
  return own?.test(path.join('/')) === true;
}
