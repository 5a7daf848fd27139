import { describe, expect, it } from 'vitest';
import { declare } from '../../../src/declared/declare.ts';
import { folderTree } from '../../../src/declared/folder.ts';
import type { SourceTree } from '../../../src/declared/tree.ts';
import { previewFiles } from '../../../src/preview/files.ts';
import { countActions } from '../../../src/preview/model.ts';
import { preview } from '../../../src/preview/preview.ts';
import { OfflineKinds } from '../../../src/preview/shapes.ts';
import { sideKey } from '../../../src/preview/sides.ts';
import { verdictLine } from '../../../src/preview/words.ts';
import { definitionsIn } from '../../../src/validate/definitions.ts';
import { baseRevision, comparedAt, headRevision } from '../../preview/sample.ts';
import { releasePairs } from '../support/release-pairs.ts';

const corpora = process.env['CORPORA'] ?? '../shared/corpora';

const pairs = releasePairs(corpora);

async function side(folder: string, revision: string) {
  const tree: SourceTree = { ...(await folderTree(folder)), revision };
  const declaration = await declare(tree, { name: 'product', folder: '.' });
  return { declaration: { ...declaration, revision }, definitions: await definitionsIn(tree) };
}

describe('the same product at two releases, as a pull request', () => {
  it('is among the corpora', () => {
    expect(pairs.length).toBeGreaterThan(0);
  });

  it.each(pairs)('$name', async ({ name, from, to }) => {
    const [base, head] = [await side(from, baseRevision), await side(to, headRevision)];
    const started = performance.now();

    const found = await preview({
      base: base.declaration,
      head: head.declaration,
      kinds: new OfflineKinds([...base.definitions, ...head.definitions]),
      live: { reason: 'a release is compared with the one before' },
      comparedAt,
    });
    const files = previewFiles(found, undefined);
    const elapsed = Math.round(performance.now() - started);

    const keys = (resources: typeof found.resources) => resources.map(({ resource }) => sideKey(resource));
    const counts = countActions(found);
    const declared = found.units[0]?.resources ?? { declared: 0, unchanged: 0 };
    // each resource is told once, and all that the head declares is told or counted
    expect(new Set(keys(found.resources)).size).toBe(found.resources.length);
    expect(counts.create + counts.change + declared.unchanged).toBe(declared.declared);
    expect(counts.none + counts.recreate).toBe(0);
    for (const { action, fields } of found.resources) if (action === 'change') expect(fields).not.toEqual([]);
    expect([...(files.get('comment.md') ?? '')].length).toBeLessThanOrEqual(60_000);
    expect(files.get('preview.html')?.length).toBeLessThan(12_000_000);
    process.stdout.write(
      `${name}: ${verdictLine(found)}; ${declared.unchanged} unchanged; page ${Math.round((files.get('preview.html') ?? '').length / 1024)} KiB, ${elapsed} ms\n`,
    );
  });
});
