import { describe, expect, it } from 'vitest';
import { LearnedDefaults } from '../../../../src/drivers/kubernetes/compare/learned-defaults.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

const scope = { apiVersion: 'example.com/v1', kind: 'Widget', schemaHash: 'A', namespace: 'shop' };
const declared: JsonObject = { spec: { name: 'one', mode: 'Fast', parts: [{ name: 'a', size: 1 }] } };
const leaf = { path: ['spec', 'parts', '0', 'colour'], value: 'Red' };

function fresh(of: JsonObject): JsonObject {
  const copy = structuredClone(of) as { spec: { parts: { colour?: string }[] } };
  for (const part of copy.spec.parts) part.colour = 'Red';
  return copy as unknown as JsonObject;
}

function taught(): LearnedDefaults {
  const learned = new LearnedDefaults();
  learned.learn(scope, declared, fresh(declared), [leaf]);
  return learned;
}

describe('what was learned of one object', () => {
  it.each<[string, JsonObject]>([
    ['one declared alike', declared],
    ['one with another name in it', { spec: { name: 'two', mode: 'Fast', parts: [{ name: 'b', size: 1 }] } }],
  ])('serves %s', (_what, other) => {
    expect(taught().has(scope, other, fresh(other), leaf)).toBe(true);
  });

  it('serves every position of a list, for a built-in kind', () => {
    const parts = [
      { name: 'z', size: 1 },
      { name: 'a', size: 1 },
    ];
    const other: JsonObject = { spec: { name: 'one', mode: 'Fast', parts } };

    const builtIn = { ...scope, apiVersion: 'apps/v1' };
    const learned = new LearnedDefaults();
    learned.learn(builtIn, declared, fresh(declared), [leaf]);

    const second = { ...leaf, path: ['spec', 'parts', '1', 'colour'] };
    expect(learned.has(builtIn, other, fresh(other), second)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    [
      'where a word beside it differs',
      { spec: { name: 'one', mode: 'Slow', parts: [{ name: 'a', size: 1 }] } },
    ],
    [
      'where a number beside it differs',
      { spec: { name: 'one', mode: 'Fast', parts: [{ name: 'a', size: 2 }] } },
    ],
    [
      'where more is declared beside it',
      { spec: { name: 'one', mode: 'Fast', parts: [{ name: 'a', size: 1, x: {} }] } },
    ],
    ['where less is declared around it', { spec: { mode: 'Fast', parts: [{ name: 'a', size: 1 }] } }],
  ])('does not serve %s', (_what, other) => {
    expect(taught().has(scope, other, fresh(other), leaf)).toBe(false);
  });

  it.each([
    ['another value', scope, { ...leaf, value: 'Blue' }],
    ['another schema', { ...scope, schemaHash: 'B' }, leaf],
    ['another namespace', { ...scope, namespace: 'other' }, leaf],
    ['another kind', { ...scope, kind: 'Gadget' }, leaf],
  ])('does not serve %s', (_what, where, what) => {
    expect(taught().has(where, declared, fresh(declared), what)).toBe(false);
  });
});

describe('a default that depends on the image', () => {
  const deployments = { ...scope, apiVersion: 'apps/v1', kind: 'Deployment' };
  const policy = { path: ['spec', 'containers', '0', 'imagePullPolicy'], value: 'IfNotPresent' };
  const withImage = (image: string): JsonObject => ({ spec: { containers: [{ image }] } });

  it.each([
    ['example.com/web:2', true],
    ['example.com:5000/web:2', true],
    ['web@sha256:abc', true],
    ['web', false],
    ['web:latest', false],
    ['web:latest@sha256:abc', false],
    ['example.com:5000/web', false],
  ])('serves %s as it serves a tag: %s', (image, served) => {
    const learned = new LearnedDefaults();
    learned.learn(deployments, withImage('web:1'), withImage('web:1'), [policy]);

    expect(learned.has(deployments, withImage(image), withImage(image), policy)).toBe(served);
  });
});

it('serves no custom resource that differs anywhere, as a webhook may look at anything', () => {
  const learned = new LearnedDefaults();
  const withMode = (mode: string): JsonObject => ({ spec: { parts: {}, other: { mode } } });
  const size = { path: ['spec', 'parts', 'size'], value: 3 };
  learned.learn(scope, withMode('Fast'), withMode('Fast'), [size]);

  expect(learned.has(scope, withMode('Fast'), withMode('Fast'), size)).toBe(true);
  expect(learned.has(scope, withMode('Slow'), withMode('Slow'), size)).toBe(false);
});

it('never learns text that the declaration contains: it may be a copy', () => {
  const learned = new LearnedDefaults();
  const copy = { path: ['spec', 'alias'], value: 'one' };
  learned.learn(scope, declared, { spec: { alias: 'one' } }, [copy]);

  expect(learned.has(scope, declared, { spec: { alias: 'one' } }, copy)).toBe(false);
});

it('learns no more than it may', () => {
  const learned = new LearnedDefaults(1);
  const second = { path: ['spec', 'x'], value: 1 };
  learned.learn(scope, declared, declared, [leaf, second]);

  expect(learned.has(scope, declared, declared, second)).toBe(false);
});
