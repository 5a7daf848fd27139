/** The results of `ask` for each item, in order, with no more than `limit` asked at a time. */
export async function bounded<T, R>(
  items: readonly T[],
  limit: number,
  ask: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await ask(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
