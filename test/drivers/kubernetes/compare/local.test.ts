import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../../src/cluster/kind.ts';
import { kindsOf } from '../../../../src/cluster/openapi.ts';
import { LearnedDefaults } from '../../../../src/drivers/kubernetes/compare/learned-defaults.ts';
import { lookLocally } from '../../../../src/drivers/kubernetes/compare/local.ts';
import { Subject } from '../../../../src/drivers/kubernetes/compare/subject.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { configMaps, deployments, widgets } from '../../../cluster/kinds.ts';

const schema = kindsOf(
  {
    Widget: {
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
      properties: {
        spec: {
          properties: {
            size: { default: 3 },
            paint: { default: { colour: 'red' }, properties: { coats: { default: 2 } } },
            box: { properties: { lid: { default: true } } },
            parts: { items: { properties: { shape: { default: 'round' } } } },
          },
        },
      },
    },
  },
  'example.com/v1',
).get('Widget');

function look(kind: Kind, declared: JsonObject, live: JsonObject) {
  const target = { kind, namespace: 'shop', name: 'a' };
  const { apiVersion } = kind;
  const object = { apiVersion, kind: kind.kind, metadata: { name: 'a' }, ...declared };
  const subject = new Subject('shop', target, {
    ref: { apiVersion, kind: kind.kind, name: 'a' },
    object,
    source: { file: 'a.yaml' },
    hash: '',
  });
  const builtIn = kind.group !== 'example.com';
  const knowledge = {
    learned: new LearnedDefaults(),
    schemaHash: '',
    builtIn,
    schema: builtIn ? undefined : schema,
  };
  const bookkeeping = {
    name: 'a',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '7',
    generation: 2,
    creationTimestamp: '2026-11-21T00:00:00Z',
    managedFields: [],
  };
  return lookLocally(
    subject,
    { ...live, metadata: { ...bookkeeping, ...(live['metadata'] as JsonObject) } },
    knowledge,
  );
}

describe('surely the same', () => {
  it.each<[string, Kind, JsonObject, JsonObject]>([
    [
      'apart from bookkeeping and status',
      configMaps,
      { data: { a: '1' } },
      { data: { a: '1' }, status: { x: 1 } },
    ],
    [
      'with a null as the empty text that the server stores',
      configMaps,
      { data: { a: null } },
      { data: { a: '' } },
    ],
    [
      'with a quantity in other words',
      deployments,
      { spec: { r: { limits: { cpu: '1000m' } } } },
      { spec: { r: { limits: { cpu: '1' } } } },
    ],
    [
      'with documented defaults',
      deployments,
      { spec: {} },
      {
        spec: {
          replicas: 1,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        },
      },
    ],
    ['with a default of the schema', widgets, { spec: {} }, { spec: { size: 3 } }],
    [
      'with a default inside a default',
      widgets,
      { spec: {} },
      { spec: { paint: { colour: 'red', coats: 2 } } },
    ],
    [
      'with a default in a declared map',
      widgets,
      { spec: { paint: { colour: 'blue' } } },
      { spec: { paint: { colour: 'blue', coats: 2 } } },
    ],
    [
      'with a default in a list item',
      widgets,
      { spec: { parts: [{ a: 1 }] } },
      { spec: { parts: [{ a: 1, shape: 'round' }] } },
    ],
  ])('%s', (_what, kind, declared, live) => {
    expect(look(kind, declared, live)).toMatchObject({ same: true, extras: [] });
  });
});

describe('left to the server', () => {
  it.each<[string, Kind, JsonObject, JsonObject]>([
    ['a key that live has more', configMaps, { data: { a: '1' } }, { data: { a: '1', b: '2' } }],
    ['a default that is otherwise', deployments, { spec: {} }, { spec: { replicas: 2 } }],
    [
      'a quantity of a custom resource in other words',
      widgets,
      { spec: { limits: { cpu: '1000m' } } },
      { spec: { limits: { cpu: '1' } } },
    ],
    [
      'a default inside what is neither declared nor a default',
      widgets,
      { spec: {} },
      { spec: { box: { lid: true } } },
    ],
    ['a default of the schema that is otherwise', widgets, { spec: {} }, { spec: { size: 4 } }],
    ['a finalizer', configMaps, {}, { metadata: { finalizers: ['example.com/x'] } }],
    ['an owner', configMaps, {}, { metadata: { ownerReferences: [{ name: 'x' }] } }],
  ])('%s', (_what, kind, declared, live) => {
    expect(look(kind, declared, live).same).toBe(false);
  });

  it('everything that is being deleted', () => {
    const view = look(
      configMaps,
      { data: { a: '1' } },
      { data: { a: '1' }, metadata: { deletionTimestamp: '2026-11-21T00:00:00Z' } },
    );

    expect(view).toMatchObject({ same: false, terminating: true, declaredEqual: true, extras: [] });
  });

  it('names what live has more', () => {
    const { extras } = look(configMaps, {}, { data: { b: '2' } });

    expect(extras).toEqual([{ path: ['data', 'b'], value: '2' as Json }]);
  });
});
