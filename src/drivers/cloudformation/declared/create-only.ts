import { brotliDecompressSync } from 'node:zlib';
import { compressedTable } from './create-only-data.ts';

let table: Map<string, string[]> | undefined;

/** JSON pointers, in which `*` is any item, of the properties of a type that cannot be changed in place; none where nothing is known. */
export function createOnlyOf(type: string): readonly string[] {
  table ??= read();
  return table.get(type) ?? [];
}

function read(): Map<string, string[]> {
  const text = brotliDecompressSync(Buffer.from(compressedTable, 'base64')).toString('utf8');
  return new Map(
    text
      .trimEnd()
      .split('\n')
      .map(line => {
        const [type = '', ...paths] = line.split(' ');
        return [type, paths.map(path => `/${path.replaceAll('.', '/')}`)] as const;
      }),
  );
}
