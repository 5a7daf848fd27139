import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Kind } from '../../../../src/cluster/kind.ts';
import { isFailure, readOnce } from '../../../../src/drivers/kubernetes/live/read.ts';
import { scopesOf } from '../../../../src/drivers/kubernetes/live/scopes.ts';
import { Failure } from '../../../../src/failure/failure.ts';
import { configMaps, namespaces } from '../../../cluster/kinds.ts';
import { type Answering, fakeConnection, statusBody } from '../../../fakes/kubernetes/connection.ts';

const members = (kind: Kind, namespace: string | undefined, count: number) =>
  Array.from({ length: count }, (_, index) => ({ target: { kind, namespace, name: `n${index}` } }));
const live = (namespace: string, name: string) => ({ metadata: { namespace, name } });
const forbidden = {
  status: 403,
  body: statusBody('Forbidden', 'User "a" cannot list resource "configmaps"'),
};

async function read(targets: ReturnType<typeof members>, answering: Answering) {
  const fake = fakeConnection(answering);
  const found: Record<string, string> = {};
  for (const scope of scopesOf(targets)) {
    await readOnce(new Cluster(fake.connection), scope, ({ target }, reading) => {
      const what = reading === undefined ? 'absent' : isFailure(reading) ? reading.code : 'live';
      found[`${target.namespace}/${target.name}`] = what;
    });
  }
  return { found, paths: fake.requests.map(({ path }) => path) };
}

describe('scopes', () => {
  it('are the namespaces where there are few, else the cluster', () => {
    const few = [...members(configMaps, 'a', 1), ...members(configMaps, 'b', 1)];

    expect(scopesOf(few).map(({ namespace }) => namespace)).toEqual(['a', 'b']);
    expect(scopesOf([...few, ...members(configMaps, 'c', 1)]).map(({ namespace }) => namespace)).toEqual([
      undefined,
    ]);
    expect(scopesOf(members(namespaces, undefined, 2))).toHaveLength(1);
  });
});

describe('reading', () => {
  it('asks for few objects one by one', async () => {
    const { found, paths } = await read(members(configMaps, 'shop', 2), ({ path }) =>
      path.endsWith('n0')
        ? { body: live('shop', 'n0') }
        : { status: 404, body: statusBody('NotFound', 'not there', { details: { name: 'n1' } }) },
    );

    expect(found).toEqual({ 'shop/n0': 'live', 'shop/n1': 'absent' });
    expect(paths).toHaveLength(2);
  });

  it('asks for many as a list', async () => {
    const { found, paths } = await read(members(configMaps, 'shop', 30), () => ({
      body: { metadata: { resourceVersion: '1' }, items: [live('shop', 'n1'), live('shop', 'stranger')] },
    }));

    expect(paths).toEqual(['/api/v1/namespaces/shop/configmaps']);
    expect(Object.values(found).filter(what => what === 'absent')).toHaveLength(29);
    expect(found['shop/n1']).toBe('live');
    expect(found['shop/stranger']).toBeUndefined();
  });

  it('asks namespace by namespace where the whole cluster is forbidden, and only what is forbidden there is unknown', async () => {
    const targets = ['a', 'b', 'c'].flatMap(namespace => members(configMaps, namespace, 20));

    const { found } = await read(targets, ({ path }) => {
      if (path === '/api/v1/configmaps' || path.includes('/b/')) return forbidden;
      return { body: { metadata: { resourceVersion: '1' }, items: [live('a', 'n0')] } };
    });

    expect([found['a/n0'], found['a/n1'], found['b/n0'], found['c/n0']]).toEqual([
      'live',
      'absent',
      'HF1303',
      'absent',
    ]);
  });

  it('starts a list anew when its token has expired', async () => {
    let asked = 0;
    const { found } = await read(members(configMaps, 'shop', 30), () => {
      asked += 1;
      if (asked === 2) return { status: 410, body: statusBody('Expired', 'too old') };
      const metadata = asked === 1 ? { resourceVersion: '1', continue: 'x' } : { resourceVersion: '2' };
      return { body: { metadata, items: [live('shop', 'n0')] } };
    });

    expect(found['shop/n0']).toBe('live');
    expect(asked).toBe(3);
  });

  it('throws what concerns the whole cluster', async () => {
    await expect(
      read(members(configMaps, 'shop', 1), () => new Failure('HF1301', 'no')),
    ).rejects.toMatchObject({ code: 'HF1301' });
    await expect(
      read(members(configMaps, 'shop', 30), () => new Failure('HF1302', 'no')),
    ).rejects.toMatchObject({ code: 'HF1302' });
  });
});
