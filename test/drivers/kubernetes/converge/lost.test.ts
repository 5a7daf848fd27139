import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Connection } from '../../../../src/cluster/connection.ts';
import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import type { AppliedResource } from '../../../../src/drivers/driver.ts';
import { applyUnit } from '../../../../src/drivers/kubernetes/converge/apply.ts';
import type { KubernetesPlan, Work } from '../../../../src/drivers/kubernetes/converge/work.ts';

const revision = 'a'.repeat(40);
const resource = {
  resource: 'configmaps',
  responseKind: { kind: 'ConfigMap' },
  scope: 'Namespaced',
  verbs: ['get', 'patch'],
};
const discovery = {
  kind: 'APIGroupDiscoveryList',
  items: [{ metadata: {}, versions: [{ version: 'v1', resources: [resource] }] }],
};

let close: () => void = () => undefined;
afterEach(() => close());

/** A server on which every write hangs, or is answered with what is told, and that notices who hangs up. */
async function hanging(answer?: { status: number; headers: Record<string, string> }) {
  const seen = { writes: 0, hungUp: 0, first: Promise.withResolvers<void>() };
  const server = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      response.end(
        JSON.stringify(request.url?.startsWith('/apis') ? { ...discovery, items: [] } : discovery),
      );
      return;
    }
    seen.writes += 1;
    response.on('close', () => {
      if (!response.writableFinished) seen.hungUp += 1;
    });
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end('{}');
    seen.first.resolve();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const connection = new Connection({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    namespace: 'default',
    requestOptions: async () => ({ headers: {}, tls: {}, agent: undefined }),
  });
  return { seen, cluster: new Cluster(connection, { inFlight: 2 }) };
}

function planned(names: readonly string[]): {
  unit: DeclaredUnit;
  declaration: Declaration;
  plan: KubernetesPlan;
} {
  const objects = names.map(name => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } };
    return { ref, object, source: { file: 'a.yaml' }, hash: name };
  });
  const unit: DeclaredUnit = {
    definition: { name: 'shop', driver: 'kubernetes', path: 'manifests/shop' },
    objects,
    findings: [],
    notObjects: [],
    hash: '',
  };
  const work = objects.map(
    (declared): Work => ({
      ref: declared.ref,
      declared,
      action: 'create',
      wave: 0,
      method: 'apply',
      extras: [],
      exempt: [],
      state: null,
    }),
  );
  const declaration: Declaration = { revision, settings: defaultSettings, units: [unit] };
  return {
    unit,
    declaration,
    plan: {
      unit: 'shop',
      revision,
      digest: '',
      actions: [],
      refused: [],
      ...{ work, prunes: [], hookWork: [] },
    },
  };
}

it.each([
  ['that are under way', undefined],
  ['that are to be sent again later', { status: 429, headers: { 'retry-after': '30' } }],
])('nothing of an apply is sent any more once the lease is lost: writes %s', async (_what, answer) => {
  const { seen, cluster } = await hanging(answer);
  const { unit, declaration, plan } = planned(['one', 'two', 'three']);
  const lost = new AbortController();
  const told: AppliedResource[] = [];

  const applying = applyUnit(
    { cluster, compare: () => Promise.reject(new Error('nothing is to be compared')) },
    unit,
    declaration,
    plan,
    {
      signal: lost.signal,
      lost: lost.signal,
      healthTimeoutMs: 60_000,
      onResource: applied => told.push(applied),
    },
  );
  await seen.first.promise;
  const began = performance.now();
  lost.abort(new Error('the lease is lost'));
  const results = await applying;

  expect(performance.now() - began).toBeLessThan(3_000);
  expect(seen.writes).toBeLessThanOrEqual(2);
  if (answer === undefined) await vi.waitUntil(() => seen.hungUp === seen.writes, { timeout: 5_000 });
  expect([...results, ...told]).toEqual([]);
});
