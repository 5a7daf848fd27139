import { afterEach, describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Connection } from '../../../../src/cluster/connection.ts';
import { watchTogether } from '../../../../src/drivers/kubernetes/live/shared-watch.ts';
import type { Watch } from '../../../../src/drivers/kubernetes/live/watch.ts';
import { configMaps } from '../../../cluster/kinds.ts';
import { fakeConnection } from '../../../fakes/kubernetes/connection.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';

const open: Watch[] = [];
afterEach(() => {
  for (const watch of open.splice(0)) watch.close();
});

/** A server with one object whose watches stand until they are left. */
function server() {
  const asked: string[] = [];
  const fake = fakeConnection(() => {
    asked.push('list');
    const item = { metadata: { namespace: 'shop', name: 'a', resourceVersion: '1' } };
    return { body: { metadata: { resourceVersion: '5' }, items: [item] } };
  });
  const lines: Connection['lines'] = async ({ signal }, _onLine, onOpen) => {
    asked.push('watch');
    onOpen?.();
    await new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()));
    return 200;
  };
  Object.assign(fake.connection, { lines });
  const cluster = new Cluster(fake.connection);
  const join = (namespace = 'shop') => {
    const told: string[] = [];
    const watch = watchTogether(cluster, configMaps, namespace, {
      onObject: name => told.push(name),
      onDeleted: name => told.push(`-${name}`),
      onListed: names => told.push(`[${[...names].join(' ')}]`),
      onUp: () => told.push('up'),
      onDown: ({ code }) => told.push(code),
    });
    open.push(watch);
    return { told, watch };
  };
  return { asked, join };
}

const whole = ['shop/a', '[shop/a]', 'up'];
const until = (what: () => boolean) => waitUntil('what was told', () => Promise.resolve(what()), 5_000);

describe('watches of one kind and scope', () => {
  it('are one list and one watch for all who ask at the same time', async () => {
    const { asked, join } = server();
    const [one, two] = [join(), join()];

    await until(() => two.told.includes('up'));

    expect(one.told).toEqual(whole);
    expect(two.told).toEqual(whole);
    expect(asked).toEqual(['list', 'watch']);
  });

  it('list once more for who comes later, who hears nothing that is not whole', async () => {
    const { asked, join } = server();
    const one = join();
    await until(() => one.told.includes('up'));

    const two = join();
    await until(() => two.told.includes('up'));

    expect(two.told).toEqual(whole);
    expect(asked).toEqual(['list', 'watch', 'list', 'watch']);
  });

  it('stand until the last has left, and are others in another scope', async () => {
    const { asked, join } = server();
    const [one, two, other] = [join(), join(), join('elsewhere')];
    await until(() => two.told.includes('up') && other.told.includes('up'));

    one.watch.close();
    const three = join();
    await until(() => three.told.includes('up'));

    expect(asked.filter(each => each === 'list')).toHaveLength(3);
    expect(one.told).toEqual(whole);
  });
});
