import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { folderTree } from '../../../src/declared/folder.ts';
import { canonical } from '../../../src/declared/hash.ts';
import { reachOf } from '../../../src/declared/kustomize/reach.ts';
import { isRendered, render } from '../../../src/declared/kustomize/render.ts';
import { TreeIndex } from '../../../src/declared/kustomize/tree-index.ts';
import { folderOf, isKustomization } from '../../../src/declared/units/paths.ts';
import { byKubectl } from '../../real/declared/kustomize/folder.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);
const folders = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []));
const sets = folders(corpora).flatMap(set =>
  set === 'vectors' ? folders(join(corpora, set)).map(vector => `${set}/${vector}`) : [set],
);

/** What became of each kustomization, over all sets: printed, and not allowed to shrink. */
const totals = { same: 0, refused: 0, failed: 0 };

beforeAll(() => {
  process.env['HOLDFAST_KUSTOMIZE'] = inject('kubectl');
});

it.each(sets)(
  '%s: every kustomization gives what kubectl gives in place, or is refused where kubectl fails',
  async set => {
    const tree = await folderTree(join(corpora, set));
    const index = new TreeIndex(tree);
    const wrong: string[] = [];
    const found = new Set(
      tree.files.filter(({ path }) => isKustomization(path)).map(({ path }) => folderOf(path)),
    );
    for (const folder of found) {
      const reach = await reachOf(index, folder);
      const args = reach.loadsAbove ? ['--load-restrictor=LoadRestrictionsNone'] : [];
      const direct = await byKubectl(inject('kubectl'), join(corpora, set, folder), args);
      if (reach.refusals.length > 0) {
        totals.refused += 1;
        // Without a network kubectl cannot do it either: nothing is refused that it could render.
        if (direct !== undefined) wrong.push(`${folder}: refused, ${reach.refusals[0]?.message}`);
        continue;
      }
      const rendering = await render(tree, reach);
      if (!isRendered(rendering)) {
        totals.failed += 1;
        if (direct !== undefined && direct.length > 0) wrong.push(`${folder}: ${rendering.failure.line}`);
        continue;
      }
      totals.same += 1;
      const ours = rendering.objects.map(({ object }) => canonical(object)).sort();
      if (JSON.stringify(ours) !== JSON.stringify(direct?.map(canonical).sort()))
        wrong.push(`${folder}: differs`);
      const misplaced = rendering.objects.find(
        ({ source }) => !reach.files.some(({ path }) => path === source.file),
      );
      if (misplaced !== undefined) wrong.push(`${folder}: ${misplaced.source.file} is not among its files`);
    }
    expect(wrong).toEqual([]);
  },
);

it('many are rendered, and each way of being refused is met', () => {
  process.stdout.write(`kustomizations: ${JSON.stringify(totals)}\n`);
  expect(totals.same).toBeGreaterThanOrEqual(60);
  expect(totals.refused).toBeGreaterThanOrEqual(5);
});
