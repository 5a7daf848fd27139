import { describe, expect, it } from 'vitest';
import { table } from '../../../../src/cluster/discovery.ts';
import type { DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { sortByKind } from '../../../../src/drivers/kubernetes/compare/kinds.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { configMaps, widgets } from '../../../cluster/kinds.ts';

function unit(
  name: string,
  ...objects: [apiVersion: string, kind: string, object?: JsonObject][]
): DeclaredUnit {
  return {
    definition: { name, driver: 'kubernetes', path: '.' },
    objects: objects.map(([apiVersion, kind, object = {}], index) => ({
      ref: { apiVersion, kind, name: `n${index}` },
      object,
      source: { file: 'a.yaml', line: index + 1 },
      hash: String(index),
    })),
    findings: [],
    hash: name,
  };
}

const crd: JsonObject = {
  spec: {
    group: 'example.com',
    names: { kind: 'Widget' },
    versions: [{ name: 'v1' }, { name: 'v2', served: false }],
  },
};
const definition: [string, string, JsonObject] = ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', crd];

describe('an object whose kind', () => {
  it('is served is compared', () => {
    const shop = unit('shop', ['v1', 'ConfigMap']);

    expect(sortByKind(table([configMaps]), shop, { units: [shop] }).subjects).toMatchObject([
      { ref: { kind: 'ConfigMap', namespace: 'default' } },
    ]);
  });

  it.each([
    ['the same unit', [unit('shop', ['example.com/v1', 'Widget'], definition)]],
    ['another unit', [unit('shop', ['example.com/v1', 'Widget']), unit('kinds', definition)]],
  ])('is defined in %s is missing for that reason', (_what, units) => {
    const [shop] = units;
    const sorted = shop && sortByKind(table([]), shop, { units });

    expect(sorted?.findings.find(({ source }) => source?.line === 1)).toMatchObject({
      type: 'missing',
      message: expect.stringMatching(/not served yet/),
    });
  });

  it('is defined, but not in that version, is unknown', () => {
    const shop = unit('shop', ['example.com/v2', 'Widget'], definition);

    expect(sortByKind(table([widgets]), shop, { units: [shop] }).findings[0]).toMatchObject({
      type: 'unknown',
      code: 'HF1305',
      origin: 'cluster',
      message: 'HF1305 the server does not serve Widget of example.com/v2; it serves example.com/v1',
    });
  });

  it('belongs to an API that is down is unknown for that reason', () => {
    const shop = unit('shop', ['example.com/v1', 'Widget'], definition);
    const kinds = table([], new Map([['example.com/v1', 'the API example.com/v1 is not available (503)']]));

    expect(sortByKind(kinds, shop, { units: [shop] }).findings[0]).toMatchObject({
      type: 'unknown',
      code: 'HF1308',
    });
  });
});
