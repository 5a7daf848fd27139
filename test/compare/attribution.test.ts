import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/compare/attribution.ts';
import type { Json, JsonObject } from '../../src/json/json.ts';

function live(...managedFields: Json[]): JsonObject {
  return {
    metadata: { name: 'x', finalizers: ['example.com/a'], managedFields },
    rows: [
      { 'my-key': 'a=b', side: 'left', v: 0 },
      { 'my-key': 'a=b,c=d', side: 'left', v: 1 },
    ],
    spec: {
      replicas: 3,
      args: ['a', 'b'],
      containers: [
        { name: 'sidecar', image: 's' },
        { name: 'web', image: 'w', ports: [{ containerPort: 80, protocol: 'TCP' }] },
      ],
    },
  };
}

const entry = (manager: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject => ({
  manager,
  operation: 'Update',
  time: '2026-11-21T10:00:00Z',
  fieldsV1,
  ...more,
});

describe('who set a field', () => {
  it.each<[string, string[], JsonObject]>([
    ['a leaf', ['spec', 'replicas'], { 'f:spec': { 'f:replicas': {} } }],
    [
      'a leaf of an item by its name',
      ['spec', 'containers', 'name=web', 'image'],
      { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
    ],
    [
      'a leaf of an item by its position',
      ['spec', 'containers', '1', 'image'],
      { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
    ],
    [
      'a whole item',
      ['spec', 'containers', 'name=web'],
      { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {} } } } },
    ],
    [
      'an item of two keys',
      ['spec', 'containers', 'name=web', 'ports', 'containerPort=80,protocol=TCP'],
      {
        'f:spec': {
          'f:containers': {
            'k:{"name":"web"}': { 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {} } } },
          },
        },
      },
    ],
    [
      'an item whose key has a dash, and a value that looks like keys',
      ['rows', 'my-key=a=b,c=d,side=left', 'v'],
      { 'f:rows': { 'k:{"my-key":"a=b,c=d","side":"left"}': { 'f:v': {} } } },
    ],
    [
      'an item of a set',
      ['metadata', 'finalizers', '0'],
      { 'f:metadata': { 'f:finalizers': { 'v:"example.com/a"': {} } } },
    ],
    ['an item of a list that is owned as a whole', ['spec', 'args', '1'], { 'f:spec': { 'f:args': {} } }],
  ])('is told for %s', (_what, path, fields) => {
    expect(attribute(live(entry('kubectl-edit', fields)), path)).toEqual({
      manager: 'kubectl-edit',
      operation: 'Update',
      time: '2026-11-21T10:00:00Z',
    });
  });

  it.each<[string, string[], Json[]]>([
    ['nobody owns it', ['spec', 'replicas'], [entry('a', { 'f:spec': { 'f:args': {} } })]],
    [
      'only what is around it is named',
      ['spec', 'replicas'],
      [entry('a', { 'f:spec': { '.': {}, 'f:args': {} } })],
    ],
    [
      'another item is owned',
      ['spec', 'containers', 'name=web', 'image'],
      [entry('a', { 'f:spec': { 'f:containers': { 'k:{"name":"sidecar"}': { 'f:image': {} } } } })],
    ],
    [
      'only status is owned',
      ['spec', 'replicas'],
      [entry('a', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'status' })],
    ],
    ['managedFields were wiped', ['spec', 'replicas'], [{}]],
    ['an entry has no name', ['spec', 'replicas'], [entry('', { 'f:spec': { 'f:replicas': {} } })]],
    ['fields are no object', ['spec', 'replicas'], [{ manager: 'a', fieldsV1: 'x' }, 7]],
  ])('is never guessed: %s', (_what, path, entries) => {
    expect(attribute(live(...entries), path)).toBeUndefined();
  });

  it('is the nearest entry, and of equally near ones the latest', () => {
    const whole = entry('whole', { 'f:spec': {} }, { time: '2026-11-21T12:00:00Z' });
    const early = entry('early', { 'f:spec': { 'f:replicas': {} } });
    const late = entry(
      'late',
      { 'f:spec': { 'f:replicas': {} } },
      { time: '2026-11-21T11:00:00Z', subresource: 'scale' },
    );

    expect(attribute(live(whole, late, early), ['spec', 'replicas'])).toEqual({
      manager: 'late',
      operation: 'Update',
      subresource: 'scale',
      time: '2026-11-21T11:00:00Z',
    });
  });
});
