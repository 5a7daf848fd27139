import { describe, expect, it } from 'vitest';
import { ignore } from '../../src/compare/ignore.ts';
import type { IgnoreRule } from '../../src/declared/settings/ignore.ts';
import type { Finding } from '../../src/findings/finding.ts';

const finding: Finding = {
  unit: 'shop',
  type: 'changed',
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  changes: [
    { path: '/spec/replicas', op: 'changed', declared: 1, live: 2, by: { manager: 'kubectl-scale' } },
    { path: '/spec/template/spec/containers/name=web/image', op: 'changed', declared: 'a', live: 'b' },
    { path: '/spec/template/spec/containers/name=web/env/name=A', op: 'added', live: { name: 'A' } },
  ],
};
const [replicas, image, env] = (finding.changes ?? []).map(({ path }) => path);

function left(rule: Omit<IgnoreRule, 'reason'>, subject = finding): (string | undefined)[] | undefined {
  const { findings } = ignore([subject], [{ ...rule, reason: 'because' }], '2026-11-21');
  return findings[0]?.changes?.map(({ path }) => path) ?? findings.map(({ type }) => type);
}

describe('a path', () => {
  it.each([
    ['names one change', ['/spec/replicas'], [image, env]],
    ['covers all below it', ['/spec/template'], [replicas]],
    ['with * for one key', ['/spec/template/spec/containers/*/image'], [replicas, env]],
    ['with * within an item’s name', ['/spec/template/spec/containers/name=*/env'], [replicas, image]],
    ['with ** for any depth', ['/spec/**/image'], [replicas, env]],
    [
      'never covers what it is a part of',
      ['/spec/template/spec/containers/name=web/env/name=A/value'],
      [replicas, image, env],
    ],
    ['is not a prefix of a longer key', ['/spec/repl'], [replicas, image, env]],
    [
      'takes braces and brackets as they are',
      ['/spec/{replicas,template}', '/spec/[r]eplicas'],
      [replicas, image, env],
    ],
  ])('%s', (_what, paths, wanted) => {
    expect(left({ paths })).toEqual(wanted);
  });
});

describe('a rule', () => {
  it.each<[string, Omit<IgnoreRule, 'reason'>, (string | undefined)[]]>([
    ['by manager leaves what others did', { manager: 'kubectl-*' }, [image, env]],
    [
      'by manager and path needs both',
      { manager: 'kubectl-*', paths: ['/spec/template'] },
      [replicas, image, env],
    ],
    ['for another unit does not count', { unit: 'pay*', paths: ['/spec'] }, [replicas, image, env]],
    ['for the unit counts', { unit: 'sh*', paths: ['/spec'] }, []],
    ['for the whole resource leaves nothing', { resource: { kind: 'Deployment', name: 'c*' } }, []],
    ['for another namespace does not count', { resource: { namespace: 'other' } }, [replicas, image, env]],
    ['counts on its last day', { paths: ['/spec'], until: '2026-11-21' }, []],
    ['does not count after its last day', { paths: ['/spec'], until: '2026-11-20' }, [replicas, image, env]],
  ])('%s', (_what, rule, wanted) => {
    expect(left(rule)).toEqual(wanted);
  });

  it('makes a finding undeclared where only what live has more is left', () => {
    const paths = ['/spec/replicas', '/spec/template/spec/containers/*/image'];

    const { findings } = ignore([finding], [{ paths, reason: 'because' }], '2026-11-21');

    expect(findings[0]?.type).toBe('undeclared');
  });

  it('is told with what it left out', () => {
    const { exempt } = ignore(
      [finding],
      [{ paths: ['/spec/replicas'], reason: 'the autoscaler' }],
      '2026-11-21',
    );

    expect(exempt).toMatchObject([
      { resource: finding.resource, path: '/spec/replicas', rule: 'the autoscaler' },
    ]);
  });

  it('cannot silence that the server refuses the object', () => {
    const refused: Finding = { ...finding, code: 'HF1306', message: 'HF1306 no' };

    const { findings } = ignore([refused], [{ paths: ['/spec'], reason: 'because' }], '2026-11-21');

    expect(findings).toMatchObject([{ type: 'invalid', message: 'HF1306 no' }]);
  });

  it('without a kind leaves findings on files and on the unit itself alone', () => {
    const file: Finding = { unit: 'shop', type: 'invalid', resource: { type: 'File', name: 'a.yaml' } };

    expect(left({ unit: '*' }, file)).toEqual(['invalid']);
    expect(left({ resource: { kind: 'File' } }, file)).toEqual([]);
  });

  it('takes a JSON pointer with the position of an item as well as its name', () => {
    const [first, ...others] = finding.changes ?? [];
    const at = {
      path: image ?? '',
      op: 'changed' as const,
      pointer: '/spec/template/spec/containers/1/image',
    };
    const subject = { ...finding, changes: [...(first ? [first] : []), at, ...others.slice(1)] };

    expect(left({ paths: ['/spec/template/spec/containers/1'] }, subject)).toEqual([replicas, env]);
    expect(left({ paths: ['/spec/template/spec/containers/0'] }, subject)).toEqual([replicas, image, env]);
  });

  it('says by its position that it left something out', () => {
    const rules = [
      { paths: ['/nowhere'], reason: 'a' },
      { paths: ['/spec/replicas'], reason: 'b' },
      { resource: { kind: 'Secret' }, reason: 'c' },
    ];

    expect(ignore([finding], rules, '2026-11-21').used).toEqual([1]);
  });

  it.each<[string, Omit<IgnoreRule, 'reason'>, string | undefined]>([
    ['what it covered', { paths: ['/spec/replicas'] }, 'it was ignored until 2026-10-01: because'],
    ['the whole resource', { resource: { kind: 'Deployment' } }, 'it was ignored until 2026-10-01: because'],
    ['nothing of what it never covered', { paths: ['/data'] }, undefined],
  ])('that has run out says so of %s', (_what, rule, message) => {
    const rules = [{ ...rule, reason: 'because', until: '2026-10-01' }];

    const { findings } = ignore([finding], rules, '2026-11-21');

    expect(findings[0]?.message).toBe(message);
    expect(findings[0]?.changes).toHaveLength(3);
  });
});
