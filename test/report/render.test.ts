import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingType } from '../../src/findings/finding.ts';
import { renderReport, reportFormats } from '../../src/report/render.ts';
import { finding, hostileFinding, imageChange, report } from './sample.ts';

const plain = { colour: false };

describe('every format', () => {
  it.each(reportFormats)(
    'as %s names verdict, resource, place, field, both values, manager and time',
    format => {
      const text = renderReport(report([finding()]), format, plain);

      for (const part of [
        'drifted',
        'cart',
        'manifests/shop/cart.yaml',
        '14',
        imageChange.path,
        'cart:1.2',
        'cart:1.3',
      ]) {
        expect(text).toContain(part);
      }
      expect(text).toContain('kubectl-set');
      expect(text).toContain('2026-08-03T14:02:09Z');
    },
  );

  it.each(reportFormats)('as %s holds nothing of a secret value', format => {
    const secret = { ...imageChange, declared: 'old-pass', live: 'new-pass', redacted: true };

    const text = renderReport(report([finding({ changes: [secret] })]), format, plain);

    expect(text).toContain(imageChange.path);
    expect(text).not.toMatch(/old-pass|new-pass/);
  });

  it.each(reportFormats)('as %s holds no character that a terminal obeys, whatever the findings', format => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 3 }), findings => {
        const text = renderReport(report(findings), format, plain);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { numRuns: 50 },
    );
  });
});

describe('text', () => {
  it('shows a field as path: declared → live and below it who did it', () => {
    const lines = renderReport(report([finding()]), 'text', plain).split('\n');

    expect(lines).toContain(`    ${imageChange.path}: cart:1.2 → cart:1.3`);
    expect(lines).toContain('      by kubectl-set (Update, 2026-08-03T14:02:09Z)');
  });

  it.each<[FindingType, string]>([
    ['missing', 'is missing: declared, but not live'],
    ['changed', 'is not as declared'],
    ['undeclared', 'has more than is declared'],
    ['orphaned', 'is live, but no longer declared'],
    ['unmanaged', 'is live in a managed namespace, but declared nowhere'],
    ['invalid', 'cannot be applied'],
    ['unknown', 'could not be compared'],
  ])('says %s in words', (type, words) => {
    expect(renderReport(report([finding({ type })]), 'text', plain)).toContain(
      `Deployment shop/cart ${words}`,
    );
  });

  it.each([
    ['text', 'cart:1.2', 'cart:1.2'],
    ['a number as text', '80', '"80"'],
    ['a number', 80, '80'],
    ['the empty text', '', '""'],
    ['yes as text', 'yes', '"yes"'],
    ['a map', { a: 1 }, '{"a":1}'],
    ['null', null, 'null'],
  ])('tells %s from what looks like it', (_, live, shown) => {
    const text = renderReport(
      report([finding({ changes: [{ path: '/x', op: 'added', live }] })]),
      'text',
      plain,
    );

    expect(text).toContain(`/x: (not declared) → ${shown}\n`);
  });

  it('shortens a long value and counts it', () => {
    const changes = [{ ...imageChange, live: 'x'.repeat(100_000) }];

    const text = renderReport(report([finding({ changes })]), 'text', plain);

    expect(text).toContain('(100000 characters)');
    expect(text.length).toBeLessThan(2_000);
  });

  it('has colour only where it is asked for', () => {
    expect(renderReport(report([finding()]), 'text', { colour: true })).toContain('\u001b[');
    expect(renderReport(report([finding()]), 'text', plain)).not.toContain('\u001b');
  });

  it('counts units and findings by type, unknown first', () => {
    const text = renderReport(report([finding(), finding({ type: 'unknown' })]), 'text', plain);

    expect(text).toContain('1 unit: 1 unknown. 2 findings: 1 unknown, 1 changed.');
  });

  it('counts what was left out of the comparison, and tells it when asked to', () => {
    const { resource } = finding();
    const by = { manager: 'kube\u001b[2J', subresource: 'scale' };
    const built = report([], { exempt: [{ resource, path: '/spec/replicas', rule: 'scaled', by }] });

    expect(renderReport(built, 'text', plain)).toContain(
      '\n  left out by rules: 1 (--verbose tells which)\n',
    );
    const verbose = renderReport(built, 'text', { ...plain, verbose: true });
    expect(verbose).toContain('  left out: Deployment shop/cart /spec/replicas: scaled, by kube');
    expect(verbose).not.toContain('\u001b');
  });
});
