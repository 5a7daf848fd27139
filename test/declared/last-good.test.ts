import { describe, expect, it } from 'vitest';
import type { Declaration, DeclaredUnit } from '../../src/declared/declaration.ts';
import { mayPass, needsLastGood, withLastGood } from '../../src/declared/last-good.ts';
import { defaultSettings } from '../../src/declared/settings.ts';

function unit(name: string, objects: string[], more: Partial<DeclaredUnit> = {}): DeclaredUnit {
  return {
    definition: { name, driver: 'kubernetes', path: name },
    objects: objects.map(object => ({
      ref: { apiVersion: 'v1', kind: 'ConfigMap', name: object },
      object: {},
      source: { file: `${name}/${object}.yaml` },
      hash: object,
    })),
    findings: [],
    hash: `${name} ${objects.join(' ')}`,
    ...more,
  };
}

const declaration = (...units: DeclaredUnit[]): Declaration => ({
  revision: null,
  settings: defaultSettings,
  units,
});
const names = ({ units }: Declaration) => units.map(({ objects }) => objects.map(({ ref }) => ref.name));

describe('a unit that could not be rendered', () => {
  it('keeps what it declared before, beside what it still declares', () => {
    const before = declaration(unit('a', ['x', 'y']), unit('b', ['z']));
    const now = declaration(unit('a', ['y', 'new'], { unrendered: 'lasting' }), unit('b', []));
    const kept = withLastGood(now, before);

    expect(names(kept)).toEqual([['y', 'new', 'x'], []]);
    expect(kept.units[0]).toMatchObject({ unrendered: 'lasting' });
    expect(kept.units[0]?.hash).not.toBe(now.units[0]?.hash);
  });

  it('keeps it through one failure after the other', () => {
    const failed = () => declaration(unit('a', [], { unrendered: 'lasting' }));
    const kept = withLastGood(failed(), withLastGood(failed(), declaration(unit('a', ['x']))));
    expect(names(kept)).toEqual([['x']]);
  });

  it.each([
    ['nothing is known of before', null],
    ['it is new', declaration(unit('b', ['x']))],
    [
      'it was another driver’s',
      declaration(unit('a', ['x'], { definition: { name: 'a', driver: 'helm', path: 'a' } })),
    ],
  ])('has nothing to keep when %s', (_, before) => {
    const now = declaration(unit('a', [], { unrendered: 'passing' }));
    expect(withLastGood(now, before)).toEqual(now);
  });
});

it.each([
  [undefined, false, false],
  ['lasting', true, false],
  ['passing', true, true],
] as const)('tells whether to keep and whether to try again: %s', (unrendered, keeps, again) => {
  const now = declaration(unit('a', []), unit('b', [], unrendered === undefined ? {} : { unrendered }));
  expect([needsLastGood(now), mayPass(now)]).toEqual([keeps, again]);
});
