import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/declared/declaration.ts';
import { adopt, exemptPaths } from '../../../../src/drivers/kubernetes/converge/exempt.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const declared: JsonObject = {
  spec: { replicas: 2, paused: false, containers: [{ name: 'web', image: 'new' }, { name: 'side' }] },
};
const live: JsonObject = { spec: { replicas: 5, containers: [{ name: 'web', image: 'old' }] } };

describe('declared fields that a rule leaves to a controller', () => {
  it('are those of the object that the declaration names', () => {
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
