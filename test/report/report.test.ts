import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { buildReport, exitCodeOf } from '../../src/report/report.ts';
import { comparedAt, comparison, finding, hostileFinding, imageChange, report, revision } from './sample.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')));

describe('buildReport', () => {
  it.each([
    ['a commit', revision],
    ['a plain folder', null],
  ])('follows the published schema for %s', (_, compared) => {
    const built = buildReport({ revision: compared, comparedAt, comparisons: [comparison([finding()])] });

    validate(built);

    expect(validate.errors).toBeNull();
  });

  it('follows the published schema whatever the findings hold', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 3 }), findings => {
        validate(JSON.parse(renderJson(report(findings))));
        expect(validate.errors).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a revision that is a branch', { revision: 'main' }],
    ['a verdict that does not exist', { units: [{ ...report([]).units[0], verdict: 'fine' }] }],
    ['a path that is no pointer', { findings: [finding({ changes: [{ path: 'spec', op: 'changed' }] })] }],
  ])('has a schema that refuses %s', (_, wrong) => {
    expect(validate({ ...report([]), ...wrong })).toBe(false);
  });

  it('tells what was left out of the comparison, by the published schema', () => {
    const { resource } = finding();
    const by = { manager: 'kube-controller-manager', subresource: 'scale' };
    const built = report([], {
      exempt: [
        { resource, path: '/spec/replicas', rule: 'scaled', by },
        { resource, rule: 'ours' },
      ],
    });

    validate(built);

    expect(validate.errors).toBeNull();
    expect(built.leftOut).toEqual([
      { unit: 'shop', resource, path: '/spec/replicas', rule: 'scaled', by },
      { unit: 'shop', resource, rule: 'ours' },
    ]);
    expect(report([])).not.toHaveProperty('leftOut');
  });

  it('leaves out the values of a secret even where a driver left them in', () => {
    const built = report([finding({ changes: [{ ...imageChange, redacted: true }] })]);

    expect(built.findings[0]?.changes).toEqual([
      { path: imageChange.path, op: 'changed', by: imageChange.by, redacted: true },
    ]);
  });

  it('gives equal bytes whatever the order of units, findings, changes and keys', () => {
    const one = finding({
      changes: [imageChange, { path: '/a', op: 'added', live: { x: 1, y: [{ p: 1, q: 2 }] } }],
    });
    const same = finding({
      changes: [{ live: { y: [{ q: 2, p: 1 }], x: 1 }, op: 'added', path: '/a' }, imageChange],
    });
    const other = finding({ type: 'missing', source: { line: 3, file: 'manifests/shop/a.yaml' } });
    const first = buildReport({
      revision,
      comparedAt,
      comparisons: [comparison([one, other]), comparison([], { unit: 'base' })],
    });
    const second = buildReport({
      revision,
      comparedAt,
      comparisons: [comparison([], { unit: 'base' }), comparison([other, same])],
    });

    expect(renderJson(second)).toBe(renderJson(first));
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['nothing found', report([]), 0],
    ['a finding', report([finding()]), 1],
    ['an unknown beside a finding', report([finding(), finding({ type: 'unknown' })]), 2],
    ['an unknown unit without findings', report([], { verdict: 'unknown' }), 2],
    ['no unit at all', buildReport({ revision: null, comparedAt, comparisons: [] }), 0],
  ] as const)('for %s is right', (_, built, code) => {
    expect(exitCodeOf(built)).toBe(code);
  });
});
