import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/declared/declaration.ts';
import { adopt, exemptLeaves } from '../../../../src/drivers/kubernetes/converge/exempt.ts';
import { appliedLeaves } from '../../../../src/drivers/kubernetes/converge/fields.ts';
import type { Finding } from '../../../../src/findings/finding.ts';

const container = 'k:{"name":"web"}';
const managedFields = [
  {
    manager: 'holdfast',
    operation: 'Apply',
    fieldsV1: {
      'f:spec': {
        'f:replicas': {},
        'f:containers': { [container]: { '.': {}, 'f:image': {}, 'f:name': {} } },
        'f:finalizers': { 'v:"a"': {} },
      },
    },
  },
  { manager: 'holdfast', operation: 'Apply', subresource: 'status', fieldsV1: { 'f:status': {} } },
  { manager: 'holdfast', operation: 'Update', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
  { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:other': {} } } },
];
const object = (replicas: number, image: string): JsonObject => ({
  metadata: { managedFields },
  spec: { replicas, containers: [{ name: 'log' }, { name: 'web', image }], finalizers: ['a'] },
});
const finding = (...paths: string[]): Finding => ({
  unit: 'shop',
  type: 'changed',
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  changes: paths.map(path => ({ path, op: 'changed' })),
});

describe('the fields that were applied', () => {
  it('are the leaves of our own Apply entry, a set as one leaf', () => {
    expect(appliedLeaves(object(1, 'a'), 'holdfast').map(parts => parts.join('/'))).toEqual([
      'spec/replicas',
      'spec/containers/name=web/image',
      'spec/containers/name=web/name',
      'spec/finalizers',
    ]);
  });

  it.each([
    ['no managedFields', {}],
    [
      'a key that is no JSON',
      { metadata: { managedFields: [{ ...managedFields[0], fieldsV1: { 'k:{': {} } }] } },
    ],
    [
      'an entry without fields',
      { metadata: { managedFields: [{ manager: 'holdfast', operation: 'Apply' }] } },
    ],
  ])('are none with %s', (_what, odd: JsonObject) => {
    expect(appliedLeaves(odd, 'holdfast')).toEqual([]);
  });
});

describe('declared fields that a rule leaves to a controller', () => {
  it('are those that applying would change and the finding does not name', () => {
    const exempt = exemptLeaves(
      object(5, 'old'),
      object(2, 'new'),
      finding('/spec/containers/name=web/image'),
    );

    expect(exempt).toEqual([['spec', 'replicas']]);
  });

  it.each([
    ['a finding that names the field', finding('/spec/replicas', '/spec/containers/name=web/image')],
    ['a finding that names all around the field', finding('/spec')],
    ['a finding without changes, which exempts nothing', { ...finding(), type: 'unknown' as const }],
  ])('are none for %s', (_what, given) => {
    expect(exemptLeaves(object(5, 'old'), object(2, 'new'), given)).toEqual([]);
  });

  it('are applied with the value that live has, and the declaration stays untouched', () => {
    const declared: JsonObject = { spec: { replicas: 2, containers: [{ name: 'web', image: 'new' }] } };

    const adopted = adopt(declared, object(5, 'old'), [['spec', 'replicas']]);

    expect(adopted).toEqual({ spec: { replicas: 5, containers: [{ name: 'web', image: 'new' }] } });
    expect(declared).toEqual({ spec: { replicas: 2, containers: [{ name: 'web', image: 'new' }] } });
  });
});
