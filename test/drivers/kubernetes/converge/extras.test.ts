import { describe, expect, it } from 'vitest';
import { extrasOf, removal } from '../../../../src/drivers/kubernetes/converge/extras.ts';
import type { FieldChange, Finding } from '../../../../src/findings/finding.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

const finding = (...changes: FieldChange[]): Finding => ({
  unit: 'shop',
  type: 'changed',
  resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' },
  changes,
});
const live: JsonObject = {
  metadata: { name: 'c', resourceVersion: '7', labels: { own: 'a', extra: 'b' } },
  spec: { list: ['a', 'b', 'c'], items: [{ name: 'x' }, { name: 'y', more: { deep: 1 } }, { name: 'z' }] },
};
const added = (path: string, value?: unknown): FieldChange => ({ path, op: 'added', live: value });
const paths = (...extras: FieldChange[]) => removal(live, extras).map(({ op, path }) => `${op} ${path}`);

describe('the extras of a finding', () => {
  it('are the fields that only live has', () => {
    const declared = { spec: { replicas: 1 } };

    const extras = extrasOf(
      finding(
        added('/metadata/labels/extra'),
        { path: '/spec/replicas', op: 'changed' },
        { path: '/spec/gone', op: 'removed' },
      ),
      declared,
    );

    expect(extras.map(({ path }) => path)).toEqual(['/metadata/labels/extra']);
  });

  it('are also defaults that somebody changed and the declaration does not name', () => {
    const extras = extrasOf(finding({ path: '/spec/suspend', op: 'changed', declared: false, live: true }), {
      spec: { schedule: '* * * * *' },
    });

    expect(extras).toHaveLength(1);
  });
});

describe('the patch that removes extras', () => {
  it('names the version of the object that was looked at', () => {
    expect(removal(live, [added('/metadata/labels/extra')])).toEqual([
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
      { op: 'remove', path: '/metadata/labels/extra' },
    ]);
  });

  it('is empty when none of them is there any more', () => {
    expect(removal(live, [added('/metadata/labels/gone'), added('/spec/items/name=w')])).toEqual([]);
  });

  it('removes items from the end of a list, so that none moves what another one means', () => {
    expect(
      paths(added('/spec/items/name=x'), added('/spec/items/name=z'), added('/spec/items/name=y')),
    ).toEqual([
      'replace /metadata/resourceVersion',
      'remove /spec/items/2',
      'remove /spec/items/1',
      'remove /spec/items/0',
    ]);
  });

  it('removes what lies inside of another extra only once', () => {
    expect(paths(added('/spec/items/name=y/more/deep'), added('/spec/items/name=y'))).toEqual([
      'replace /metadata/resourceVersion',
      'remove /spec/items/1',
    ]);
  });

  it.each([
    [
      'it still has the value that was found',
      'b',
      ['replace /metadata/resourceVersion', 'remove /spec/list/1'],
    ],
    ['never when another value stands there now', 'q', []],
  ])('removes an item by its index: %s', (_what, value, expected) => {
    expect(paths(added('/spec/list/1', value))).toEqual(expected);
  });
});
