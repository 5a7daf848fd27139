import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../../sandbox/control-plane/start.ts';
import { openDriver } from './support/shop.ts';
import { witness } from './support/witness.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
});
afterAll(() => plane.stop());

it('is unknown while the API server is down, and tells what happened meanwhile when it is back', async () => {
  const opened = await openDriver(plane.kubeconfig);
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } };
  const at = '/api/v1/namespaces/default/configmaps/a';
  const apply = async (data: object) =>
    opened.connection.request({
      method: 'PATCH',
      path: at,
      query: { fieldManager: 'holdfast', force: true },
      contentType: 'application/apply-patch+yaml',
      body: { ...configMap, data },
    });
  await apply({ a: '1' });
  const seen = await witness(opened, JSON.stringify({ ...configMap, data: { a: '1' } }));
  await seen.until([]);

  await plane.killApiServer();
  const blind = await seen.until(['unknown Unit/shop'], 20_000);
  await plane.startApiServer();
  await seen.until([], 30_000);
  await apply({ a: '2' });
  await seen.until(['changed ConfigMap/a'], 20_000);

  await seen.observation.close();
  opened.close();
  expect(blind.verdict).toBe('unknown');
  expect(blind.findings).toMatchObject([{ code: 'HF1301', origin: 'cluster' }]);
});
