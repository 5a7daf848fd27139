import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ApiRequest, Connection } from '../../../../src/cluster/connection.ts';
import { type Watch, watch } from '../../../../src/drivers/kubernetes/live/watch.ts';
import { Failure } from '../../../../src/failure/failure.ts';
import { configMaps } from '../../../cluster/kinds.ts';
import { type Answer, fakeConnection } from '../../../fakes/kubernetes/connection.ts';

const object = (name: string, resourceVersion: string) => ({
  metadata: { namespace: 'shop', name, resourceVersion },
});
const page = (resourceVersion: string, ...items: object[]): Answer => ({
  body: { metadata: { resourceVersion }, items },
});
const event = (type: string, name: string, version: string) => ({ type, object: object(name, version) });

let begun: Watch | undefined;
afterEach(() => {
  begun?.close();
  vi.useRealTimers();
});

/** Plays lists and watches in turn; when they run out the watch is closed. Resolves with what was told and asked. */
async function play(lists: Answer[], watches: Answer[]) {
  const told: string[] = [];
  const asked: string[] = [];
  const done = Promise.withResolvers<void>();
  const fake = fakeConnection(({ query }) => {
    asked.push(
      query?.['watch'] === true
        ? `watch ${query['resourceVersion']}`
        : `list ${query?.['continue'] ?? ''}`.trim(),
    );
    const next = (query?.['watch'] === true ? watches : lists).shift();
    if (next !== undefined) return next;
    begun?.close();
    done.resolve();
    return { status: 500, body: '' };
  });
  begun = watch(new Cluster(fake.connection), configMaps, 'shop', {
    onObject: (name, live) =>
      told.push(`${name}@${(live['metadata'] as { resourceVersion: string }).resourceVersion}`),
    onDeleted: name => told.push(`-${name}`),
    onListed: names => told.push(`[${[...names].join(' ')}]`),
    onUp: () => told.push('up'),
    onDown: ({ code }) => told.push(code),
  });
  await done.promise;
  return { told, asked };
}

describe('a watch', () => {
  it('lists page by page, then follows from where the list ended', async () => {
    const first = {
      body: { metadata: { resourceVersion: '5', continue: 'next' }, items: [object('a', '1')] },
    };
    const { told, asked } = await play(
      [first, page('5', object('b', '2'))],
      [{ body: [event('MODIFIED', 'a', '6'), event('DELETED', 'b', '7')] }],
    );

    expect(told.slice(0, 6)).toEqual([
      'shop/a@1',
      'shop/b@2',
      '[shop/a shop/b]',
      'up',
      'shop/a@6',
      '-shop/b',
    ]);
    expect(asked).toEqual(['list', 'list next', 'watch 5', 'watch 7']);
  });

  it('goes on from the last bookmark', async () => {
    const { asked } = await play([page('5')], [{ body: [event('BOOKMARK', '', '99')] }]);

    expect(asked).toEqual(['list', 'watch 5', 'watch 99']);
  });

  it.each<[string, Answer]>([
    ['the place is too old (410)', { status: 410, body: [{}] }],
    [
      'the server says so in the stream',
      { body: [{ type: 'ERROR', object: { kind: 'Status', code: 410 } }] },
    ],
    [
      'the server does not know the place yet: its store was rolled back',
      { status: 504, body: [{ kind: 'Status', message: 'Too large resource version' }] },
    ],
  ])('lists again when %s', async (_what, answer) => {
    const { asked } = await play([page('5'), page('3')], [answer]);

    expect(asked).toEqual(['list', 'watch 5', 'list', 'watch 3']);
  });

  it('goes on without a list when a connection broke', async () => {
    const { told, asked } = await play([page('5')], [new Failure('HF1301', 'no'), { body: [] }]);

    expect(told).toEqual(['[]', 'up']);
    expect(asked).toEqual(['list', 'watch 5', 'watch 5', 'watch 5']);
  });

  it('tells of an outage that lasts, and lists again after it: the store may have been rolled back', async () => {
    const outage = new Failure('HF1301', 'no');

    const { told, asked } = await play(
      [page('5'), page('3', object('a', '2'))],
      [outage, outage, { body: [] }],
    );

    expect(told).toEqual(['[]', 'HF1301', 'shop/a@2', '[shop/a]', 'up']);
    expect(asked).toEqual(['list', 'watch 5', 'watch 5', 'list', 'watch 3', 'watch 3']);
  });

  it('tells a missing right at once', async () => {
    const forbidden = { kind: 'Status', message: 'User "a" cannot list resource "configmaps"' };
    const { told } = await play([{ status: 403, body: forbidden }, page('5')], []);

    expect(told).toEqual(['HF1303', '[]']);
  });

  it('passes over lines that are no events', async () => {
    const { told } = await play(
      [page('5')],
      [{ body: ['hello', { type: 'ODD', object: {} }, event('ADDED', 'a', '6')] }],
    );

    expect(told).toEqual(['[]', 'up', 'shop/a@6']);
  });

  it('that is not even answered is told as an outage within about a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let attempts = 0;
    const told: string[] = [];
    const connection = {
      request: async () => ({ status: 200, headers: {}, body: { metadata: { resourceVersion: '5' } } }),
      lines: ({ signal }: ApiRequest) => {
        attempts += 1;
        return new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new Failure('HF1301', 'no answer'))),
        );
      },
    };
    const ignored = () => {};
    begun = watch(new Cluster(connection as unknown as Connection), configMaps, 'shop', {
      onObject: ignored,
      onDeleted: ignored,
      onListed: ignored,
      onUp: () => told.push('up'),
      onDown: ({ code }) => told.push(code),
    });

    for (const attempt of [1, 2]) {
      while (attempts < attempt) await new Promise(resolve => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(30_000);
    }

    expect(told).toEqual(['HF1301']);
  });
});
