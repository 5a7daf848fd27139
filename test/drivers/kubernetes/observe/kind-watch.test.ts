import { afterEach, describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { scopesOf } from '../../../../src/drivers/kubernetes/live/scopes.ts';
import { KindWatch } from '../../../../src/drivers/kubernetes/observe/kind-watch.ts';
import { configMaps } from '../../../cluster/kinds.ts';
import { type Answering, fakeConnection, statusBody } from '../../../fakes/kubernetes/connection.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';

const forbidden = {
  status: 403,
  body: statusBody('Forbidden', 'User "a" cannot list resource "configmaps"'),
};
const members = ['a', 'b', 'c'].map(namespace => ({ target: { kind: configMaps, namespace, name: 'one' } }));
const listOf = (namespace: string) => ({
  body: { metadata: { resourceVersion: '1' }, items: [{ metadata: { namespace, name: 'any' } }] },
});

let watch: KindWatch | undefined;
afterEach(() => watch?.close());

/** What a watch over three namespaces saw when all that is there was listed, or could not be. */
async function seen(answering: Answering) {
  const objects: string[] = [];
  const listed: (string | undefined)[] = [];
  const { connection } = fakeConnection(asked =>
    asked.query?.['watch'] === true ? undefined : answering(asked),
  );
  const [scope] = scopesOf(members);
  if (scope === undefined) throw new Error('no scope');
  const begun = new KindWatch(new Cluster(connection), scope, {
    onObject: name => objects.push(name),
    onListed: namespace => listed.push(namespace),
    onState: () => undefined,
  });
  watch = begun;
  await waitUntil('the watch to have settled', () => begun.settled, 5_000);
  return { begun, objects: [...new Set(objects)].sort(), listed: [...new Set(listed)].sort() };
}

describe('all objects of a kind', () => {
  it('are watched in the whole cluster where there are many namespaces', async () => {
    const { objects, listed } = await seen(() => listOf('z'));

    expect({ objects, listed }).toEqual({ objects: ['z/any'], listed: [undefined] });
  });

  it('are watched namespace by namespace where the cluster may not be listed, and only one that may not is unseen', async () => {
    const { begun, objects, listed } = await seen(({ path }) => {
      const namespace = /namespaces\/(\w)\//.exec(path)?.[1];
      return namespace === undefined || namespace === 'b' ? forbidden : listOf(namespace);
    });

    expect({ objects, listed }).toEqual({ objects: ['a/any', 'c/any'], listed: ['a', 'c'] });
    expect(begun.failureFor('b')?.code).toBe('HF1303');
  });
});
