import { describe, expect, it } from 'vitest';
import type { FieldChange, Finding } from '../../src/findings/finding.ts';
import { adoptedFile } from '../../src/propose/adopt/adopt.ts';
import { configMap, memoryTree } from '../declared/tree.ts';

const shop = configMap('shop', '  namespace: web\ndata:\n  colour: green # agreed\n');
const other = configMap('other', 'data:\n  colour: green\n');
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'shop' };
const red: FieldChange = { path: '/data/colour', op: 'changed', declared: 'green', live: 'red' };

function finding(change: Partial<Finding> = {}): Finding {
  return { unit: 'web', type: 'changed', resource: ref, changes: [red], ...change };
}

async function reason(
  tree: Parameters<typeof adoptedFile>[1],
  change: Partial<Finding> = {},
  environment?: string,
) {
  const thrown: unknown = await adoptedFile(finding(change), tree, environment).then(
    () => undefined,
    error => error,
  );
  expect(thrown).toMatchObject({ code: 'HF1456' });
  return (thrown as Error).message;
}

it('writes into the file that declares it, and into nothing else of it', async () => {
  const file = `${other}---\n${shop}`;
  const { file: path, bytes } = await adoptedFile(
    finding(),
    memoryTree({ 'manifests/web/all.yaml': file, 'manifests/db/db.yaml': other }),
    undefined,
  );
  expect(path).toBe('manifests/web/all.yaml');
  expect(bytes.toString()).toBe(`${other}---\n${shop.replace('green', 'red')}`);
});

describe('it says in words why it cannot write', () => {
  const plain = memoryTree({ 'manifests/web/shop.yaml': shop });
  it.each<[string, Partial<Finding>, RegExp]>([
    ['a Secret', { resource: { ...ref, kind: 'Secret' } }, /values of Secrets are never written/],
    [
      'a value that was taken out',
      { changes: [{ path: '/data/colour', op: 'changed', redacted: true }] },
      /secret/,
    ],
    [
      'a value that is named like a secret, though the message had shown it',
      { changes: [red, { path: '/data/DB_PASSWORD', op: 'changed', declared: 'a', live: 'b' }] },
      /secret/,
    ],
    ['what is gone', { type: 'missing' }, /nothing is live/],
    ['what nobody declares', { type: 'unmanaged' }, /nothing declares it/],
    ['what is no object', { resource: { type: 'Unit', name: 'web' } }, /no Kubernetes object/],
    ['what is declared no more', { resource: { ...ref, name: 'gone' } }, /declares it no more/],
    ['a unit that is declared no more', { unit: 'gone' }, /declares the unit no more/],
    [
      'what its controller made',
      { changes: [{ path: '/children/Pod/x/image', op: 'changed', live: 'x' }] },
      /controller/,
    ],
  ])('%s', async (_what, change, words) => {
    expect(await reason(plain, change)).toMatch(words);
  });

  it('a chart', async () => {
    const chart = { 'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };
    expect(await reason(memoryTree(chart))).toMatch(
      /unit is one of helm, which makes its objects from templates or values/,
    );
  });

  it('a file that another environment declares from too', async () => {
    const settings = `environments: [test, live]
units:
  - { name: web, driver: kubernetes, path: manifests/web }
`;
    const tree = memoryTree({ 'holdfast.yaml': settings, 'manifests/web/shop.yaml': shop });
    expect(await reason(tree, {}, 'live')).toMatch(/environment test/);
  });
});

it('writes where only this environment declares from the file', async () => {
  const settings = `environments: [test, live]
units:
  - { name: web, driver: kubernetes, path: manifests/web, environments: [live] }
`;
  const tree = memoryTree({ 'holdfast.yaml': settings, 'manifests/web/shop.yaml': shop });
  expect((await adoptedFile(finding(), tree, 'live')).bytes.toString()).toContain('colour: red # agreed');
});
