/**
 * JSON with the keys of each object in one order: equal exactly when the values are equal. With `any order` lists are taken as
 * sets, and a list of one item as the item, as AWS does in policy documents.
 */
export function canonical(value: unknown, lists: 'in order' | 'any order' = 'in order'): string {
  if (Array.isArray(value)) {
    const items = value.map(item => canonical(item, lists));
    if (lists === 'in order') return `[${items.join(',')}]`;
    return items.length === 1 ? (items[0] ?? '') : `[${items.sort().join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner, lists)}`);
  return `{${entries.join(',')}}`;
}
