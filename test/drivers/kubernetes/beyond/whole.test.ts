import { describe, expect, it } from 'vitest';
import type { Declaration } from '../../../../src/declared/declaration.ts';
import type { IgnoreRule } from '../../../../src/declared/settings/ignore.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import type { Surroundings } from '../../../../src/drivers/kubernetes/beyond/terminating.ts';
import { wholeComparison } from '../../../../src/drivers/kubernetes/beyond/whole.ts';
import type { Comparison, Finding, FindingType } from '../../../../src/findings/finding.ts';
import { configMaps } from '../../../cluster/kinds.ts';

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const about = (type: FindingType, name: string, more: Partial<Finding> = {}): Finding => ({
  unit: 'shop',
  type,
  resource: ref(name),
  ...more,
});

const member = (name: string) => ({
  declared: { ref: ref(name), object: {}, source: { file: 'a.yaml', line: 1 }, hash: name },
  target: { kind: configMaps, namespace: 'shop', name },
});

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  findings: [],
  exempt: [],
  members: new Map([['shop', [member('a'), member('b')]]]),
  terminating: new Set(),
  unsure: [],
  ...more,
});

const compared = (findings: Finding[] = []): Comparison => ({
  unit: 'shop',
  driver: 'kubernetes',
  verdict: findings.length === 0 ? 'in-sync' : 'drifted',
  resources: { declared: 2, inSync: 2 - findings.length },
  findings,
  elapsedMs: 1,
});

function whole(comparison: Comparison, surroundings: Surroundings, ignore: IgnoreRule[] = []) {
  const declaration: Declaration = { revision: null, settings: { ...defaultSettings, ignore }, units: [] };
  return wholeComparison(comparison, declaration, surroundings, Date.parse('2026-05-01T00:00:00Z'));
}

const lines = ({ findings }: Comparison) =>
  findings.map(({ type, resource, message }) => [type, resource.name, message].filter(Boolean).join(' '));

describe('a comparison with what lives beside the declaration', () => {
  it('has its findings, and as many in sync as before', () => {
    const found = whole(compared(), around({ findings: [about('unmanaged', 'x')] }));
    expect(found).toMatchObject({ verdict: 'drifted', resources: { declared: 2, inSync: 2 } });
    expect(lines(found)).toEqual(['unmanaged x']);
  });

  it.each<[string, IgnoreRule, string[]]>([
    ['resource', { resource: { name: 'x' }, reason: 'known' }, []],
    ['manager', { manager: 'operator', reason: 'known' }, []],
    ['another manager', { manager: 'kubectl*', reason: 'known' }, ['unmanaged x']],
    [
      'a day that has passed',
      { resource: { name: 'y' }, reason: 'known', until: '2026-04-30' },
      ['unmanaged x'],
    ],
  ])('heeds ignore rules by %s', (_what, rule, expected) => {
    const by = { manager: 'operator' };
    const finding = about('unmanaged', 'x', {
      changes: [{ path: '/metadata/creationTimestamp', op: 'added', by }],
    });
    expect(lines(whole(compared(), around({ findings: [finding] }), [rule]))).toEqual(expected);
  });

  it('is only what is declared where the cluster could not be asked', () => {
    const blind = compared([
      { unit: 'shop', type: 'unknown', resource: { type: 'Unit', name: 'shop' }, origin: 'cluster' },
    ]);
    expect(whole(blind, around({ findings: [about('unmanaged', 'x')] }))).toBe(blind);
  });

  it('says what it could not look for yet', () => {
    expect(whole(compared(), around({ unsure: ['unmanaged'] })).unsure).toEqual(['unmanaged']);
    expect(whole(compared(), around())).not.toHaveProperty('unsure');
  });
});

describe('a namespace that is being deleted', () => {
  const going = 'its namespace shop is being deleted';
  it.each<[string, Finding[], string[], number]>([
    ['takes what was in sync with it', [], [`changed a ${going}`, `changed b ${going}`], 0],
    [
      'is said of what differs',
      [about('changed', 'a', { message: 'known' })],
      [`changed a known; ${going}`, `changed b ${going}`],
      0,
    ],
    [
      'is why the server takes nothing new',
      [about('invalid', 'a', { message: 'HF1306 no', code: 'HF1306' })],
      [`missing a ${going}`, `changed b ${going}`],
      0,
    ],
    [
      'is said once',
      [about('changed', 'a', { message: going })],
      [`changed a ${going}`, `changed b ${going}`],
      0,
    ],
  ])('%s', (_what, findings, expected, inSync) => {
    const found = whole(compared(findings), around({ terminating: new Set(['shop']) }));
    expect(lines(found).sort()).toEqual(expected.sort());
    expect(found.resources.inSync).toBe(inSync);
    expect(found.verdict).toBe('drifted');
  });
});
