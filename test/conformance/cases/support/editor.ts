import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';

/** `kubectl edit` with an editor that replaces one text by another. */
export async function kubectlEdit(bench: Bench, object: string, from: string, to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-editor-'));
  try {
    const program = `const fs = require('node:fs');
const file = process.argv.at(-1);
const text = fs.readFileSync(file, 'utf8');
const [from, to] = ${JSON.stringify([bench.fill(from), bench.fill(to)])};
if (!text.includes(from)) process.exit(1);
fs.writeFileSync(file, text.replace(from, to));
`;
    await writeFile(join(folder, 'editor.cjs'), program);
    const editor = `${process.execPath} ${join(folder, 'editor.cjs')}`;
    await bench.kubectlAs({ KUBE_EDITOR: editor }, 'edit', object);
  } finally {
    await rm(folder, { recursive: true });
  }
}
