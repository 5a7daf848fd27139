import { describe, expect, it } from 'vitest';
import { ruleNotes } from '../../src/compare/rule-notes.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import type { IgnoreRule } from '../../src/declared/settings/ignore.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { Comparison } from '../../src/findings/finding.ts';

type Rule = Omit<IgnoreRule, 'reason'>;

function declaration(rule: Rule, units: readonly string[], environments: string[] = []): Declaration {
  return {
    revision: null,
    settings: { ...defaultSettings, environments, ignore: [{ ...rule, reason: 'because' }] },
    ignoreLines: [7],
    units: units.map(name => ({
      definition: { name, driver: 'kubernetes', path: name },
      objects: [],
      findings: [],
      hash: '',
    })),
  };
}

function comparison(unit: string, more: Partial<Comparison> = {}): Comparison {
  return {
    unit,
    driver: 'kubernetes',
    verdict: 'in-sync',
    resources: { declared: 1, inSync: 1 },
    findings: [],
    elapsedMs: 1,
    ...more,
  };
}

function noted(rule: Rule, comparisons: readonly Comparison[], environments?: string[]): string[] {
  const declared = declaration(rule, ['cart', 'shop'], environments);
  return ruleNotes(declared, comparisons, '2026-11-21').map(({ unit, code }) => `${unit} ${code}`);
}

const all = [comparison('cart'), comparison('shop')];

describe('an ignore rule is noted', () => {
  it.each<[string, Rule, string[]]>([
    ['that left nothing out anywhere', {}, ['cart HF1132']],
    ['that left nothing out of its unit', { unit: 'shop' }, ['shop HF1132']],
    ['for a unit that does not exist', { unit: 'shpo' }, ['cart HF1132']],
    ['that has run out', { unit: 's*', until: '2026-11-20' }, ['shop HF1131']],
  ])('%s, once', (_what, rule, expected) => {
    expect(noted(rule, all)).toEqual(expected);
  });

  it('with its line and its reason', () => {
    const notes = ruleNotes(
      declaration({ until: '2026-11-20' }, ['shop']),
      [comparison('shop')],
      '2026-11-21',
    );

    expect(notes).toEqual([
      {
        unit: 'shop',
        resource: { type: 'File', name: 'holdfast.yaml' },
        source: { file: 'holdfast.yaml', line: 7 },
        code: 'HF1131',
        message: 'HF1131 an ignore rule ran out on 2026-11-20 and is no longer applied: because',
      },
    ]);
  });
});

describe('an ignore rule is not noted', () => {
  it.each<[string, Rule, Comparison[], string[] | undefined]>([
    [
      'that left something out of one unit',
      {},
      [comparison('cart'), comparison('shop', { usedRules: [0] })],
      undefined,
    ],
    [
      'on its last day',
      { until: '2026-11-21' },
      [comparison('cart', { usedRules: [0] }), comparison('shop')],
      undefined,
    ],
    ['while a unit of its was not compared', {}, [comparison('shop')], undefined],
    [
      'while a unit of its is unknown',
      {},
      [comparison('cart'), comparison('shop', { verdict: 'unknown' })],
      undefined,
    ],
    [
      'while a unit of its was not looked at in full',
      {},
      [comparison('cart'), comparison('shop', { unsure: ['unmanaged'] })],
      undefined,
    ],
    ['for a unit of another environment', { unit: 'pay' }, all, ['staging', 'production']],
  ])('%s', (_what, rule, comparisons, environments) => {
    expect(noted(rule, comparisons, environments)).toEqual([]);
  });

  it('where nothing was compared', () => {
    expect(ruleNotes(declaration({}, []), [], '2026-11-21')).toEqual([]);
  });
});
