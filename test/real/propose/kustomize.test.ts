import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { FieldChange, Finding } from '../../../src/findings/finding.ts';
import { adoptedFile } from '../../../src/propose/adopt/adopt.ts';
import { memoryTree } from '../../declared/tree.ts';

/** What is live is written into the file that a kustomization takes it from, rendered by a real kustomize, or refused with the reason. */
const base = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2   # agreed with the owners
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: "web:1.2"
`;
const files = {
  'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/web/web.yaml': base,
  'manifests/shop/kustomization.yaml':
    'resources: [../../bases/web]\nnamePrefix: shop-\nnamespace: shop\npatches:\n  - path: patch.yaml\n',
  'manifests/shop/patch.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  minReadySeconds: 5\n',
};
const replicas: FieldChange = { path: '/spec/replicas', op: 'changed', declared: 2, live: 4 };

function finding(change: Partial<Finding> = {}): Finding {
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'shop-web' };
  return { unit: 'shop', type: 'changed', resource, changes: [replicas], ...change };
}

async function refusal(tree: Record<string, string>, change: Partial<Finding> = {}): Promise<string> {
  const thrown: unknown = await adoptedFile(finding(change), memoryTree(tree), undefined).then(
    () => undefined,
    error => error,
  );
  expect(thrown).toMatchObject({ code: 'HF1456' });
  return (thrown as Error).message;
}

beforeAll(() => {
  process.env['HOLDFAST_KUSTOMIZE'] = inject('kubectl');
});

describe('adopting what is live in a unit of kustomize', () => {
  it('writes into the base that the value stands in, though the object is renamed and patched elsewhere', async () => {
    const { file, bytes } = await adoptedFile(finding(), memoryTree(files), undefined);
    expect(file).toBe('bases/web/web.yaml');
    expect(bytes.toString()).toBe(base.replace('replicas: 2 ', 'replicas: 4 '));
  });

  it('writes a list item by its key', async () => {
    const path = '/spec/template/spec/containers/name=web/image';
    const changes: FieldChange[] = [{ path, op: 'changed', declared: 'web:1.2', live: 'web:1.3' }];
    const { bytes } = await adoptedFile(finding({ changes }), memoryTree(files), undefined);
    expect(bytes.toString()).toBe(base.replace('"web:1.2"', '"web:1.3"'));
  });

  it('refuses a value that a patch sets', async () => {
    const changes: FieldChange[] = [{ path: '/spec/minReadySeconds', op: 'changed', declared: 5, live: 9 }];
    expect(await refusal(files, { changes })).toMatch(/\/spec\/minReadySeconds is not declared in this file/);
  });

  it('refuses a value of the base that a patch overrides', async () => {
    const patch = files['manifests/shop/patch.yaml'].replace('minReadySeconds: 5', 'replicas: 3');
    expect(await refusal({ ...files, 'manifests/shop/patch.yaml': patch })).toMatch(/a patch, an overlay/);
  });

  it('refuses a base that another unit is made from, too', async () => {
    const second = files['manifests/shop/kustomization.yaml']
      .replace('shop-', 'test-')
      .replace('patches:\n  - path: patch.yaml\n', '');
    const both = { ...files, 'manifests/test/kustomization.yaml': second };
    expect(await refusal(both)).toMatch(/something else would change too/);
  });

  it('refuses what a generator makes', async () => {
    const kustomization =
      'namespace: shop\nconfigMapGenerator:\n  - name: settings\n    literals: [colour=green]\n    options: { disableNameSuffixHash: true }\n';
    const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    const changes: FieldChange[] = [{ path: '/data/colour', op: 'changed', declared: 'green', live: 'red' }];
    const tree = { 'manifests/shop/kustomization.yaml': kustomization };
    expect(await refusal(tree, { resource, changes })).toMatch(/is not written in this file/);
  });
});
