import { describe, expect, it } from 'vitest';
import { touchedBy, verify } from '../../../src/converge/attempt/verify.ts';
import { defaultSettings } from '../../../src/declared/settings.ts';
import type { AppliedResource, Driver, Plan } from '../../../src/drivers/driver.ts';
import type { Comparison, Finding, ResourceRef } from '../../../src/findings/finding.ts';
import { FakeDriver, fakeUnit } from '../../fakes/driver/driver.ts';

const ref = (name: string): ResourceRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const plan = (more: Partial<Plan> = {}): Plan => ({
  unit: 'shop',
  revision: 'a'.repeat(40),
  digest: 'sha256:0',
  actions: [{ action: 'change', resource: ref('one') }],
  refused: [],
  open: [ref('two')],
  ...more,
});
const applied = (action: AppliedResource['action'] = 'change'): AppliedResource[] => [
  { resource: ref('one'), action, result: 'applied' },
];
const names = (refs: readonly ResourceRef[] | undefined) =>
  refs === undefined ? 'all' : [...new Set(refs.map(({ name }) => name))].join(' ');

describe('what is looked at again after applying', () => {
  it.each<[string, Parameters<typeof touchedBy>, string]>([
    ['what was applied, and what was not as declared', [plan(), applied(), 100], 'one two'],
    ['nothing where nothing was to be done', [plan({ actions: [], open: [] }), [], 100], ''],
    [
      'all where the driver tells no more than its plan',
      [plan({ open: undefined as never }), applied(), 100],
      'all',
    ],
    ['all after a hook, which may have done anything', [plan(), applied('run'), 100], 'all'],
    ['all after a long time', [plan(), applied(), 11_000], 'all'],
  ])('is %s', (_what, asked, expected) => {
    expect(names(touchedBy(...asked))).toBe(expected);
  });
});

describe('a unit after applying', () => {
  const finding: Finding = { unit: 'shop', type: 'changed', resource: ref('one'), changes: [] };
  const comparison = (findings: Finding[]): Comparison => ({
    unit: 'shop',
    driver: 'kubernetes',
    verdict: findings.length === 0 ? 'in-sync' : 'drifted',
    resources: { declared: 1, inSync: 1 - findings.length },
    findings,
    elapsedMs: 0,
  });
  const ready = (driver: Driver) => ({
    unit: fakeUnit('shop', { one: '1' }),
    declaration: { revision: null, settings: defaultSettings, units: [] },
    driver,
  });
  const timing = { verifyMs: 0, verifyPauseMs: 1 };
  const { signal } = new AbortController();

  it('is judged by what was touched, where the driver can look at that alone', async () => {
    const asked: string[] = [];
    const driver: Driver = Object.assign(new FakeDriver(), {
      compareSome: async (_unit: unknown, _declaration: unknown, refs: readonly ResourceRef[]) => {
        asked.push(names(refs));
        return comparison([finding]);
      },
    });

    const verified = await verify(ready(driver), timing, signal, [ref('one')]);

    expect([verified.as, asked]).toEqual(['drifted', ['one']]);
  });

  it('is judged as a whole otherwise', async () => {
    expect(await verify(ready(new FakeDriver()), timing, signal, [ref('one')])).toMatchObject({
      as: 'drifted',
    });
  });
});
