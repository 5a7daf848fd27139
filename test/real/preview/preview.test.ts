import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preview } from '../../../src/preview/model.ts';
import { runHoldfast } from '../support/command.ts';
import { applyManifests, mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { configMap } from '../support/settings.ts';
import { type Checkout, openCheckout } from './checkout.ts';

let checkout: Checkout;
let namespace: string;
let base: string;

const service = (port: number) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: ${namespace} }\nspec: { selector: { app: cart }, ports: [{ name: http, port: ${port} }] }\n`;

beforeAll(async () => {
  namespace = await uniqueNamespace('preview');
  checkout = await openCheckout();
  const files = {
    'manifests/shop/a.yaml': configMap(namespace, 'a', { colour: 'green', size: 'big' }),
    'manifests/shop/b.yaml': configMap(namespace, 'b', { colour: 'green' }),
    'manifests/shop/gone.yaml': configMap(namespace, 'gone', { colour: 'green' }),
    'manifests/shop/cart.yaml': service(80),
  };
  base = await checkout.commit(files);
  await applyManifests(Object.values(files).join('---\n'), '--field-manager=holdfast');
  await mustKubectl('-n', namespace, 'patch', 'configmap', 'b', '-p', '{"data":{"colour":"red"}}');
});
afterAll(() => checkout.close());

async function previewOf(files: Readonly<Record<string, string | undefined>>, ...args: string[]) {
  await checkout.branch('pr', base);
  await checkout.commit(files);
  const { code, stdout, stderr } = await runHoldfast([
    'preview',
    checkout.path,
    '--base',
    'main',
    '-o',
    'json',
    ...args,
  ]);
  return { code, stderr, preview: stdout === '' ? undefined : (JSON.parse(stdout) as Preview) };
}

describe('holdfast preview', () => {
  it('shows base, head and live of each field, the drift that merging puts right, and what is created and removed', async () => {
    const { code, preview } = await previewOf({
      'manifests/shop/a.yaml': configMap(namespace, 'a', { colour: 'blue', size: 'big' }),
      'manifests/shop/gone.yaml': undefined,
      'manifests/shop/new.yaml': configMap(namespace, 'new', { colour: 'green' }),
    });

    expect(code).toBe(0);
    expect(preview?.live).toEqual({ from: 'cluster' });
    expect(
      preview?.resources.map(({ action, resource, fields }) => ({ action, name: resource.name, fields })),
    ).toEqual([
      { action: 'remove', name: 'gone', fields: [] },
      {
        action: 'change',
        name: 'b',
        fields: [
          {
            path: '/data/colour',
            why: 'reverts',
            base: 'green',
            head: 'green',
            live: 'red',
            by: expect.objectContaining({ manager: 'kubectl-patch' }),
          },
        ],
      },
      {
        action: 'change',
        name: 'a',
        fields: [{ path: '/data/colour', why: 'merge', base: 'green', head: 'blue', live: 'green' }],
      },
      { action: 'create', name: 'new', fields: [] },
    ]);
  });

  it('shows what the server would refuse of new objects, with exit code 1', async () => {
    const { code, preview } = await previewOf({
      'manifests/shop/bad.yaml': service(99_999).replace('name: cart,', 'name: bad,'),
    });

    expect(code).toBe(1);
    expect(preview?.resources).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          resource: expect.objectContaining({ name: 'bad' }),
          problems: [expect.stringMatching(/the server would refuse it: HF1306 .*port/)],
        }),
      ]),
    );
  });

  it('shows what merging gives, not what a head that is behind lacks', async () => {
    await checkout.branch('main', base);
    await checkout.commit({ 'manifests/shop/later.yaml': configMap(namespace, 'later', { a: 'b' }) });

    const { preview } = await previewOf(
      { 'manifests/shop/a.yaml': configMap(namespace, 'a', { colour: 'blue', size: 'big' }) },
      '--live',
      'none',
    );
    await checkout.branch('main', base);

    expect(preview?.resources.map(({ action, resource }) => [action, resource.name])).toEqual([
      ['change', 'a'],
    ]);
  });

  it('names the files that conflict, and shows the head by itself', async () => {
    await checkout.branch('main', base);
    await checkout.commit({ 'manifests/shop/a.yaml': configMap(namespace, 'a', { colour: 'pink' }) });

    const { code, preview } = await previewOf(
      { 'manifests/shop/a.yaml': configMap(namespace, 'a', { colour: 'blue', size: 'big' }) },
      '--live',
      'none',
    );
    await checkout.branch('main', base);

    expect(code).toBe(1);
    expect(preview?.failures).toMatchObject([
      { code: 'HF2201', message: expect.stringContaining('manifests/shop/a.yaml') },
    ]);
    expect(preview?.resources.map(({ resource }) => resource.name)).toEqual(['a']);
  });

  it.each([
    ['a base that nobody knows', ['--base', 'no-such-branch'], 'HF1206'],
    ['a unit that neither side declares', ['--unit', 'shup'], 'HF1006'],
    ['a cluster that is away', ['--kubeconfig', '/nonexistent/config'], 'HF1304'],
  ])('says in one line what is wrong with %s', async (_what, args, code) => {
    const result = await previewOf(
      { 'manifests/shop/x.yaml': configMap(namespace, 'x', { a: 'b' }) },
      ...args,
    );
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(code);
    expect(result.stderr.trim().split('\n').length).toBeLessThan(3);
  });
});
