import { describe, expect, it } from 'vitest';
import { table } from '../../src/cluster/discovery.ts';
import { bodyOf, refOf, targetOf } from '../../src/cluster/target.ts';
import type { DeclaredObject } from '../../src/declared/declaration.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { configMaps, namespaces, secrets } from './kinds.ts';

const kinds = table([configMaps, namespaces, secrets]);

function declared(object: JsonObject, namespace?: string): Pick<DeclaredObject, 'ref' | 'object'> {
  const ref = { apiVersion: 'v1', kind: String(object['kind']), name: 'a', ...(namespace && { namespace }) };
  return { ref, object };
}

const unit = (namespace?: string) => ({
  definition: { name: 'shop', driver: 'kubernetes' as const, path: '.', ...(namespace && { namespace }) },
});

describe('where an object lives', () => {
  it.each([
    ['in the namespace that it names', { kind: 'ConfigMap', metadata: { namespace: 'own' } }, 'units', 'own'],
    ['in that of its unit where it names none', { kind: 'ConfigMap', metadata: {} }, 'units', 'units'],
    ['in default where neither names one', { kind: 'ConfigMap', metadata: {} }, undefined, 'default'],
    [
      'in default where its own is empty',
      { kind: 'ConfigMap', metadata: { namespace: '' } },
      undefined,
      'default',
    ],
    [
      'in none where it is cluster-scoped, whatever it names',
      { kind: 'Namespace', metadata: { namespace: 'own' } },
      'units',
      undefined,
    ],
  ])('is %s', (_what, object, ofUnit, wanted) => {
    const target = targetOf(kinds, unit(ofUnit), declared(object));

    expect(target?.namespace).toBe(wanted);
    expect(target && refOf(target).namespace).toBe(wanted);
  });

  it('is nowhere where its kind is not served', () => {
    expect(targetOf(kinds, unit(), declared({ kind: 'Widget' }))).toBeUndefined();
  });
});

describe('what is sent', () => {
  it('holds nothing that belongs to the server', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        creationTimestamp: null,
        uid: 'u',
        resourceVersion: '1',
        managedFields: [],
        labels: { a: 'b' },
      },
      status: {},
    };

    expect(bodyOf({ kind: configMaps, namespace: 'shop', name: 'a' }, object)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'shop', labels: { a: 'b' } },
    });
  });

  it('holds the stringData of a Secret as data, which it wins over', () => {
    const object = { metadata: {}, data: { a: 'eA==', b: 'eQ==' }, stringData: { b: 'z', c: null } };

    expect(bodyOf({ kind: secrets, namespace: 'shop', name: 'a' }, object)).toEqual({
      metadata: { name: 'a', namespace: 'shop' },
      data: { a: 'eA==', b: 'eg==', c: '' },
    });
  });

  it('leaves to the server to refuse what is no text in stringData', () => {
    const object = { metadata: {}, stringData: { b: 5 } };

    expect(bodyOf({ kind: secrets, namespace: 'shop', name: 'a' }, object)).toMatchObject({
      stringData: { b: 5 },
    });
  });

  it('leaves the declaration itself as it was', () => {
    const object = { metadata: { name: 'a', uid: 'u' }, status: {} };

    bodyOf({ kind: configMaps, namespace: 'shop', name: 'a' }, object);

    expect(object).toEqual({ metadata: { name: 'a', uid: 'u' }, status: {} });
  });
});
