import { hashText } from '../../src/declared/hash.ts';
import type { SourceTree } from '../../src/declared/tree.ts';
import { Failure } from '../../src/failure/failure.ts';

/** A tree in memory; `read` records which paths were asked for. */
export interface MemoryTree extends SourceTree {
  readonly asked: string[];
}

export function memoryTree(files: Record<string, string | Buffer>, links: string[] = []): MemoryTree {
  const asked: string[] = [];
  const bytes = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  const listed = [...bytes]
    .map(([path, content]) => ({ path, content: hashText(content.toString('latin1')), size: content.length }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    revision: null,
    files: listed,
    links,
    asked,
    read: async paths => {
      asked.push(...paths);
      return new Map(
        paths.map(path => {
          const content = bytes.get(path);
          if (content === undefined)
            throw new Failure('HF1105', 'there is no such file', { where: { file: path } });
          return [path, content];
        }),
      );
    },
  };
}

/** A small valid object. */
export function configMap(name: string, more = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
}
