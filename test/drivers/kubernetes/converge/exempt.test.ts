import { describe, expect, it } from 'vitest';
import { adopt, exemptPaths, lostPaths } from '../../../../src/drivers/kubernetes/converge/exempt.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const declared: JsonObject = {
  spec: { replicas: 2, paused: false, containers: [{ name: 'web', image: 'new' }, { name: 'side' }] },
};
const live: JsonObject = { spec: { replicas: 5, containers: [{ name: 'web', image: 'old' }] } };

const comparison: Comparison = {
  unit: 'shop',
  driver: 'kubernetes',
  verdict: 'drifted',
  resources: { declared: 1, inSync: 0 },
  findings: [],
  exempt: [
    { resource: ref, path: '/spec/replicas', rule: 'autoscaler' },
    { resource: ref, path: '/spec/clusterIP', rule: 'not declared' },
    { resource: { ...ref, name: 'other' }, path: '/spec/paused', rule: 'another object' },
  ],
  elapsedMs: 0,
};

describe('declared fields that a rule leaves to a controller', () => {
  it('are those of the object that the declaration names', () => {
    expect(exemptPaths(comparison, ref, declared)).toEqual(['/spec/replicas']);
  });

  it('are applied with the value that live has', () => {
    expect(adopt(declared, live, ['/spec/replicas'])).toMatchObject({ spec: { replicas: 5, paused: false } });
  });

  it('are not applied where live has none', () => {
    const adopted = adopt(declared, live, ['/spec/paused', '/spec/containers/name=side']);

    expect(adopted).toEqual({ spec: { replicas: 2, containers: [{ name: 'web', image: 'new' }] } });
  });

  it('leave the declaration itself untouched', () => {
    const before = structuredClone(declared);

    adopt(declared, live, ['/spec/replicas', '/spec/containers/name=web/image']);

    expect(declared).toEqual(before);
  });
});

describe('parts of a whole that a rule leaves to a controller', () => {
  const selecting = (selector: JsonObject): JsonObject => ({ spec: { selector } });
  const whole = { ...comparison, exempt: [{ resource: ref, path: '/spec/selector/hash', rule: 'release' }] };
  const now = selecting({ app: 'web', hash: '5d8' });

  it('are those that applying would take away', () => {
    expect(lostPaths(whole, ref, { live: now, after: selecting({ app: 'web' }) })).toEqual([
      '/spec/selector/hash',
    ]);
    expect(lostPaths(whole, ref, { live: now, after: now })).toEqual([]);
  });

  it('are applied with the rest of it', () => {
    expect(adopt(selecting({ app: 'shop' }), now, ['/spec/selector/hash'])).toEqual(
      selecting({ app: 'shop', hash: '5d8' }),
    );
  });

  it('are applied in maps that the declaration does not have', () => {
    const subset = (more: JsonObject): JsonObject => ({ subsets: [{ name: 'stable', ...more }] });

    const adopted = adopt(subset({}), subset({ labels: { hash: '5d8' } }), ['/subsets/0/labels/hash']);

    expect(adopted).toEqual(subset({ labels: { hash: '5d8' } }));
  });

  it('are left where live has them no more', () => {
    expect(adopt(selecting({ app: 'web' }), selecting({}), ['/spec/selector/hash', '/spec/a/b'])).toEqual(
      selecting({ app: 'web' }),
    );
  });
});
