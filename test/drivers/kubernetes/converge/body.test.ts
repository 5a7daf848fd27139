import { describe, expect, it } from 'vitest';
import { syncKind } from '../../../../src/converge/resources.ts';
import { hashJson } from '../../../../src/declared/hash.ts';
import { overlay, specPart } from '../../../../src/drivers/kubernetes/converge/body.ts';
import type { Prune } from '../../../../src/drivers/kubernetes/converge/prune/plan-prunes.ts';
import { digestOf, type Work } from '../../../../src/drivers/kubernetes/converge/work.ts';

describe('a declaration laid over live', () => {
  it('keeps what the server allocated, and takes lists as declared', () => {
    const live = {
      spec: { clusterIP: '10.0.0.1', ports: [{ port: 81, nodePort: 30000 }] },
      metadata: { uid: 'u' },
    };

    expect(overlay(live, { spec: { ports: [{ port: 80 }] } })).toEqual({
      spec: { clusterIP: '10.0.0.1', ports: [{ port: 80 }] },
      metadata: { uid: 'u' },
    });
  });
});

describe('the digest of a plan', () => {
  const live = {
    metadata: { name: 'c', resourceVersion: '1', generation: 1 },
    spec: { a: 1, b: 2 },
    status: { x: 1 },
  };
  const work = (state: string | null): Work => ({
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' },
    declared: {
      ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' },
      object: {},
      source: { file: 'c.yaml' },
      hash: 'h',
    },
    action: 'change',
    wave: 0,
    method: 'apply',
    extras: [],
    exempt: [],
    state,
  });
  const digest = (before: typeof live) =>
    digestOf('shop', 'a'.repeat(40), { work: [work(hashJson(specPart(before)))] });

  const gone: Prune = {
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'gone' },
    target: { kind: syncKind, name: 'gone' },
    item: { resource: { type: '', name: '' }, revision: '' },
    uid: 'u',
  };

  it('is sha256 in hex', () => {
    expect(digest(live)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['status', { ...live, status: { x: 2 } }],
    [
      'the bookkeeping of the server',
      { ...live, metadata: { name: 'c', resourceVersion: '2', generation: 9 } },
    ],
    ['the order of keys', { status: live.status, spec: { b: 2, a: 1 }, metadata: live.metadata }],
  ])('does not depend on %s', (_what, other) => {
    expect(digest(other)).toBe(digest(live));
  });

  it('changes when live moves', () => {
    expect(digest({ ...live, spec: { a: 1, b: 3 } })).not.toBe(digest(live));
  });

  it.each([
    ['unit', digestOf('other', 'a'.repeat(40), { work: [work(null)] })],
    ['revision', digestOf('shop', 'b'.repeat(40), { work: [work(null)] })],
    ['objects that go', digestOf('shop', 'a'.repeat(40), { work: [work(null)], prunes: [gone] })],
    ['number of objects', digestOf('shop', 'a'.repeat(40), { work: [] })],
    ['action', digestOf('shop', 'a'.repeat(40), { work: [{ ...work(null), action: 'create' }] })],
    [
      'declaration',
      digestOf('shop', 'a'.repeat(40), {
        work: [{ ...work(null), declared: { ...work(null).declared, hash: 'i' } }],
      }),
    ],
  ])('changes with the %s', (_what, other) => {
    expect(other).not.toBe(digestOf('shop', 'a'.repeat(40), { work: [work(null)] }));
  });
});
