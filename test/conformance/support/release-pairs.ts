import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One product at two releases. */
export interface ReleasePair {
  name: string;
  /** Folders of manifests. */
  from: string;
  to: string;
}

/** Folders of one product at two releases, wherever they stand: `NAME-v1.2.3` beside `NAME-v1.4.0`. */
export function releasePairs(root: string): ReleasePair[] {
  const found: ReleasePair[] = [];
  const walk = (folder: string, depth: number): void => {
    const entries = readdirSync(folder).filter(name => statSync(join(folder, name)).isDirectory());
    const versions = new Map<string, string[]>();
    for (const entry of entries) {
      const product = /^(.+?)[-_]v?\d+(?:\.\d+)+$/.exec(entry)?.[1];
      if (product !== undefined) versions.set(product, [...(versions.get(product) ?? []), entry]);
    }
    for (const [product, releases] of versions) {
      const sorted = releases.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      for (const [index, to] of sorted.entries()) {
        const from = sorted[index - 1];
        if (from === undefined) continue;
        const name = `${relative(root, folder)}/${product}: ${from} → ${to}`;
        found.push({ name, from: join(folder, from), to: join(folder, to) });
      }
    }
    if (depth > 0) for (const entry of entries) walk(join(folder, entry), depth - 1);
  };
  walk(root, 4);
  return found;
}
