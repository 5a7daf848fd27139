interface Step {
  id: string;
  next: Iterator<string>;
}

/** Circles in a graph of names, each with its first name once more at the end. Every circle that is closed by another edge is told. */
export function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  for (const start of edges.keys()) {
    if (!done.has(start)) found.push(...circlesFrom(start, edges, done));
  }
  return found;
}

/** Goes down from one name without recursion: templates come from outside, and a chain may be long. */
function circlesFrom(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  done: Set<string>,
): string[][] {
  const found: string[][] = [];
  const way: Step[] = [];
  const enter = (id: string) => way.push({ id, next: (edges.get(id) ?? new Set<string>()).values() });
  enter(start);
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const { value, done: end } = top.next.next();
    if (end === true) {
      done.add(top.id);
      way.pop();
      continue;
    }
    const at = way.findIndex(({ id }) => id === value);
    if (at !== -1) found.push([...way.slice(at).map(({ id }) => id), value]);
    else if (!done.has(value)) enter(value);
  }
  return found;
}
