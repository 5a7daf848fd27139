import { describe, expect, it } from 'vitest';
import { authorizationRecord, planRecord, Results, verdictRecord } from '../../src/converge/record.ts';
import type { AppliedResource, Plan } from '../../src/drivers/driver.ts';
import type { Authorization } from '../../src/gate/authorization.ts';

const resource = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const result = (name: string, how: AppliedResource['result'], message?: string): AppliedResource => ({
  resource: resource(name),
  action: 'change',
  result: how,
  ...(message === undefined ? {} : { message }),
});
const many = Array.from({ length: 5_000 }, (_, index) => `c${index}`);

describe('the record of a plan', () => {
  const plan: Plan = {
    unit: 'shop',
    revision: 'a'.repeat(40),
    digest: `sha256:${'0'.repeat(64)}`,
    actions: many.map(name => ({
      action: 'change',
      resource: resource(name),
      paths: many.map(path => `/data/${path}`),
    })),
    refused: [],
  };

  it('counts all actions and keeps those for which there is room', () => {
    const record = planRecord(plan);

    expect(record.changes).toBe(5_000);
    expect(record.creates + record.recreates + record.prunes).toBe(0);
    expect(record.actions.length).toBeGreaterThan(100);
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(250_000);
  });
});

describe('the results of a sync', () => {
  it('keep what came last of each resource', () => {
    const results = new Results([{ resource: resource('a'), action: 'change', result: 'applied' }]);

    results.add(result('a', 'failed', 'not healthy'));

    expect(results.record.resultCounts).toEqual({ applied: 0, failed: 1, skipped: 0 });
  });

  it('keep failures first, exact counts, and a bounded size', () => {
    const results = new Results();
    for (const name of many) results.add(result(name, 'applied'));
    results.add(result('broken', 'failed', 'x'.repeat(5_000)));

    const { record } = results;

    expect(record.results[0]).toMatchObject({ resource: { name: 'broken' }, result: 'failed' });
    expect(record.resultCounts).toEqual({ applied: 5_000, failed: 1, skipped: 0 });
    expect(record.results).toHaveLength(500);
    expect(record.results[0]?.message).toHaveLength(1_000);
  });

  it('forget what was not applied before it is tried again', () => {
    const results = new Results();
    results.add(result('a', 'applied'));
    results.add(result('b', 'failed'));
    results.add(result('c', 'skipped'));

    results.dropUnapplied();

    expect(results.record.results.map(({ resource: { name } }) => name)).toEqual(['a']);
  });

  it('know infrastructure resources by type and name', () => {
    const results = new Results([
      { resource: { type: 'File', name: 'a.yaml' }, action: 'refused', result: 'failed' },
    ]);

    expect(results.has({ type: 'File', name: 'a.yaml' })).toBe(true);
    expect(results.has({ type: 'Unit', name: 'a.yaml' })).toBe(false);
  });
});

describe('the record of a verdict', () => {
  const base = { from: 'a'.repeat(40), revision: 'b'.repeat(40) };
  const reasons = [{ code: 'no-pr', message: 'no pull request', commits: [] }];

  it.each<[string, Authorization, object]>([
    ['authorized', { ...base, verdict: 'authorized', pulls: [], digest: 'd' }, { pulls: [], digest: 'd' }],
    [
      'denied',
      { ...base, verdict: 'denied', reasons, pulls: [], digest: 'd', upTo: base.from },
      { reasons: ['no pull request'] },
    ],
    [
      'unknown',
      { ...base, verdict: 'unknown', reasons, upTo: base.from, retryAfterMs: 1 },
      { reasons: ['no pull request'], pulls: [] },
    ],
  ])('says %s and why', (verdict, authorization, expected) => {
    expect(authorizationRecord(authorization)).toMatchObject({ verdict, ...expected });
  });
});

describe('the record of a verdict on very many commits', () => {
  const commits = Array.from({ length: 40_000 }, (_, index) => index.toString(16).padStart(40, '0'));
  const pulls = commits.slice(0, 5_000).map((mergeCommit, index) => ({
    number: index + 1,
    url: `https://forge/pulls/${index + 1}`,
    title: 't'.repeat(200),
    author: 'ann',
    approvers: ['bob'],
    mergeCommit,
  }));
  const revision = commits.at(-1) ?? '';
  const base = { from: 'f'.repeat(40), revision, pulls, digest: 'd' };
  const reasons = commits
    .slice(0, 1_000)
    .map((_, pull) => ({ code: 'no-pr', message: 'none', commits, pull }));

  it.each([
    ['denied', { ...base, verdict: 'denied' as const, reasons, upTo: base.from }],
    ['authorized', { ...base, verdict: 'authorized' as const, note: 'n'.repeat(1_000_000) }],
  ])('stays far below what the server takes when it is %s', (verdict, authorization) => {
    const record = verdictRecord(authorization);
    expect(record).toMatchObject({ verdict, revision, from: base.from, digest: 'd' });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(300_000);
    expect(Buffer.byteLength(JSON.stringify(authorizationRecord(authorization)))).toBeLessThan(300_000);
    expect(record.pulls.at(-1)?.number).toBe(5_000);
  });

  it('keeps all of a verdict that is of a usual size', () => {
    const small = { ...base, pulls: pulls.slice(0, 3), verdict: 'authorized' as const, note: 'n' };
    expect(verdictRecord(small)).toEqual(small);
  });
});
