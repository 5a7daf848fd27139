import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Comparison, Finding } from '../../src/findings/finding.ts';
import {
  packed,
  partsOf,
  type SightingPart,
  sightingSchema,
  sightingsOf,
} from '../../src/sharing/sighting.ts';

const resource = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  unit: 'shop',
  type: 'missing',
  resource: resource(name),
  ...more,
});
const comparison = (findings: Finding[]): Comparison => ({
  unit: 'shop',
  driver: 'kubernetes',
  verdict: findings.length === 0 ? 'in-sync' : 'drifted',
  resources: { declared: 5, inSync: Math.max(0, 5 - findings.length) },
  findings,
  elapsedMs: 0,
});

const seen = { unit: 'shop', holder: 'b', hash: 'h', converging: false };

/** As the server gives the objects back. */
function stored(of: Comparison | string, set = 's', more: Partial<typeof seen> = {}): SightingPart[] {
  const text = typeof of === 'string' ? of : packed(of);
  return [...partsOf({ ...seen, ...more, packed: text }, set)].map(([name, spec]) =>
    sightingSchema.parse({ metadata: { name }, spec }),
  );
}

function read(parts: SightingPart[], known = new Map<string, string>()) {
  const bad: string[] = [];
  return { found: sightingsOf(parts, known, ({ why }) => bad.push(why)), bad };
}

describe('a sighting', () => {
  it('is read as it was written', () => {
    const by = { manager: 'kubectl-edit', time: '2026-11-20T10:00:00Z' };
    const changes = [{ path: '/data/colour', op: 'changed' as const, declared: 'blue', live: null, by }];
    const of = comparison([finding('a', { type: 'changed', changes, source: { file: 'a.yaml', line: 3 } })]);
    const { found, bad } = read(stored(of, 's', { converging: true }));
    expect(bad).toEqual([]);
    expect(found).toEqual([{ set: 's', sighting: { ...seen, converging: true, comparison: of } }]);
  });

  it('of thousands of findings is in several objects that etcd takes, and is read from them in any order', () => {
    const random = (index: number) => createHash('sha512').update(`${index}`).digest('base64');
    const of = comparison(
      Array.from({ length: 20_000 }, (_, index) => finding(`map-${index}`, { message: random(index) })),
    );
    const parts = stored(of);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(1_000_000);
    expect(new Set(parts.map(({ metadata }) => metadata.name)).size).toBe(parts.length);
    expect(read(parts.reverse()).found).toEqual([{ set: 's', sighting: { ...seen, comparison: of } }]);
  });

  it('holds no value that is named like a secret', () => {
    const changes = [
      {
        path: '/spec/template/spec/containers/name=a/env/name=DB_PASSWORD/value',
        op: 'changed' as const,
        live: 'hunter2',
      },
    ];
    const [part] = stored(comparison([finding('a', { type: 'changed', changes })]));
    const { found } = read(part === undefined ? [] : [part]);
    expect(JSON.stringify(found)).toContain('"redacted":true');
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('that is known is not read again', () => {
    expect(read(stored(comparison([])), new Map([['shop', 's']])).found).toEqual([]);
  });

  it('of which a part is missing, or is of another writing, is waited for', () => {
    const long = 'x'.repeat(1_500_000);
    const [first, second, third] = stored(long);
    const [, other] = stored(long, 'other');
    if (!first || !second || !third || !other) throw new Error('three parts were expected');
    expect(read([first, third])).toEqual({ found: [], bad: [] });
    expect(read([first, other, third])).toEqual({ found: [], bad: [] });
  });

  it.each([
    ['what is no base64', '%%%', /end of file/],
    ['what is no gzip', Buffer.from('hello').toString('base64'), /header/],
    ['what is no JSON', gzipSync('{').toString('base64'), /JSON/],
    ['no comparison', gzipSync('{"unit":"shop"}').toString('base64'), /driver/],
    ['a bomb', gzipSync(Buffer.alloc(300 * 1024 * 1024)).toString('base64'), /larger than/],
    ['another unit', packed({ ...comparison([]), unit: 'other' }), /another unit/],
  ])('that holds %s is told, and hides no other', (_, text, why) => {
    const good = { ...comparison([]), unit: 'good' };
    const { found, bad } = read([...stored(text), ...stored(good, 'g', { unit: 'good' })]);
    expect(bad).toEqual([expect.stringMatching(why)]);
    expect(found.map(({ sighting }) => sighting.unit)).toEqual(['good']);
  });
});
