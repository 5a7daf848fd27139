import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../../../src/declared/declaration.ts';
import { settingsSchema } from '../../../../../src/declared/settings.ts';
import { guard } from '../../../../../src/drivers/kubernetes/converge/prune/guard.ts';
import type { ObjectRef } from '../../../../../src/findings/finding.ts';

const today = '2026-11-21';
const ref = (name: string, kind = 'ConfigMap', apiVersion = 'v1'): ObjectRef => ({
  apiVersion,
  kind,
  namespace: 'shop',
  name,
});
const gone = (count: number) => Array.from({ length: count }, (_, index) => ({ ref: ref(`c${index}`) }));
const unitWith = (left: number, more: Partial<DeclaredUnit> = {}): DeclaredUnit => ({
  definition: { name: 'shop', driver: 'kubernetes', path: 'manifests/shop' },
  objects: Array.from(
    { length: left },
    (): DeclaredObject => ({ ref: ref('x'), object: {}, source: { file: 'f' }, hash: '' }),
  ),
  findings: [],
  hash: '',
  ...more,
});
const declarationOf = (units: DeclaredUnit[], converge: object = {}): Declaration => ({
  revision: 'a'.repeat(40),
  settings: settingsSchema.parse({ converge }),
  units,
});

function judged(count: number, left: number, options: { converge?: object; others?: DeclaredUnit[] } = {}) {
  const unit = unitWith(left);
  const declaration = declarationOf([unit, ...(options.others ?? [])], options.converge);
  return guard(gone(count), { unit, declaration, known: count + left, today });
}

describe('how much may go at once', () => {
  it.each([
    ['one of one that is left', 1, 1, 1],
    ['one of ten', 1, 9, 1],
    ['three of ten', 3, 7, 3],
    ['four of ten', 4, 6, 0],
    ['half of two thousand', 1_000, 1_000, 0],
    ['the last one', 1, 0, 0],
    ['all', 10, 0, 0],
    ['two of three', 2, 1, 0],
  ])('%s', (_what, count, left, going) => {
    const { go, kept } = judged(count, left);

    expect([go.length, kept.length]).toEqual([going, count - going]);
  });

  it('is what the settings say', () => {
    expect(judged(8, 2, { converge: { prune: { mostShare: 0.8 } } }).go).toHaveLength(8);
    expect(judged(2, 8, { converge: { prune: { mostShare: 0 } } }).go).toHaveLength(0);
  });

  it('does not count what the merged revision names', () => {
    const allow = [{ unit: 'shop', resource: { name: 'c[0-6]' }, reason: 'r', until: today }];

    const { go } = judged(8, 2, { converge: { prune: { allow } } });

    expect(go).toHaveLength(8);
  });

  it('is nothing that a word of yesterday names, nor one of another unit', () => {
    const words = [
      { unit: 'shop', reason: 'r', until: '2026-11-20' },
      { unit: 'shop-eu', reason: 'r', until: today },
    ];

    expect(judged(8, 2, { converge: { prune: { allow: words } } }).go).toHaveLength(0);
  });
});

it.each([
  ['Namespace', 'v1'],
  ['PersistentVolume', 'v1'],
  ['PersistentVolumeClaim', 'v1'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
])('a %s stays, unless a word names its kind', (kind, apiVersion) => {
  const one = [{ ref: ref('x', kind, apiVersion) }];
  const guarding = (resource: object) => {
    const unit = unitWith(9);
    const allow = [{ unit: '*', ...resource, reason: 'r', until: today }];
    return { unit, declaration: declarationOf([unit], { prune: { allow } }), known: 10, today };
  };

  expect(guard(one, guarding({})).go).toEqual([]);
  expect(guard(one, guarding({ resource: { kind: '*' } })).go).toEqual([]);
  expect(guard(one, guarding({ resource: { name: 'x' } })).go).toEqual([]);
  expect(guard(one, guarding({ resource: { kind } })).go).toEqual(one);
});

describe('nothing goes, whatever is allowed,', () => {
  const allow = [{ unit: '*', reason: 'r', until: today }];
  const finding = { unit: 'other', type: 'unknown' as const, resource: { type: 'File', name: 'a.yaml' } };

  it.each([
    ['while a unit is not rendered', { unrendered: 'passing' as const }, /cannot be rendered/],
    ['while a file cannot be read', { findings: [finding] }, /not all of the unit other can be read: a.yaml/],
  ])('%s', (_when, more, why) => {
    const { go, kept } = judged(1, 9, {
      converge: { prune: { allow } },
      others: [unitWith(1, { definition: { name: 'other', driver: 'kubernetes', path: 'o' }, ...more })],
    });

    expect(go).toEqual([]);
    expect(kept[0]?.why).toMatch(why);
  });

  it('where pruning is off', () => {
    const units = [{ unit: 'sh*', prune: false }];

    expect(judged(1, 9, { converge: { prune: { allow }, units } }).go).toEqual([]);
  });
});

it('never lets more go than was said, and says of all the others why', () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.nat(50),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, left, mostShare) => {
        const { go, kept } = judged(count, left, { converge: { prune: { mostShare } } });

        expect(go.length + kept.length).toBe(count);
        expect(kept.every(({ why }) => why !== '')).toBe(true);
        if (go.length > 1) expect(go.length).toBeLessThanOrEqual((count + left) * mostShare);
        if (left === 0) expect(go).toEqual([]);
      },
    ),
  );
});
