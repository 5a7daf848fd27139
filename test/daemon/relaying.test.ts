import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { relaying } from '../../src/daemon/relaying.ts';

/** The observer that tells, as far as requests of Slack go. */
let server: Server;
let port: number;
let heard: string[];
let answer: () => Response;

beforeEach(async () => {
  heard = [];
  answer = () => Response.json({ text: 'checking …' });
  const app = new Hono().all('*', async context => {
    heard.push(
      `${context.req.method} ${context.req.path} ${context.req.header('x-slack-signature')} ${await context.req.text()}`,
    );
    return answer();
  });
  await new Promise<void>(resolve => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(),
    ) as unknown as Server;
  });
  port = (server.address() as AddressInfo).port;
});
afterEach(() => void server.close());

const clusterWith = (address: string | undefined, holderIdentity = 'other') =>
  ({
    get: async () => ({
      metadata: {
        resourceVersion: '1',
        ...(address === undefined ? {} : { annotations: { 'holdfast.dev/address': address } }),
      },
      spec: { holderIdentity },
    }),
  }) as unknown as Cluster;

const ask = (address: string | undefined, more: { leading?: boolean; holder?: string } = {}) =>
  relaying({
    cluster: clusterWith(address, more.holder),
    namespace: 'holdfast',
    leading: () => more.leading === true,
  })(Buffer.from('command=%2Fsync'), { 'x-slack-signature': 'v0=1' });

it('passes a request on to the one whose address stands in the Lease', async () => {
  expect(await ask(`http://127.0.0.1:${port}`)).toEqual({ status: 200, text: '{"text":"checking …"}' });
  expect(heard).toEqual(['POST /slack/requests v0=1 command=%2Fsync']);
});

it.each<[string, Parameters<typeof ask>]>([
  ['who tells itself', ['http://127.0.0.1:PORT', { leading: true }]],
  ['where the holder says no address', ['']],
  ['where the holder is of a version that says none', [undefined]],
  ['where nobody tells', ['http://127.0.0.1:PORT', { holder: '' }]],
  ['to a name', ['http://localhost:PORT']],
  ['with a path', ['http://127.0.0.1:PORT/elsewhere']],
  ['with a query', ['http://127.0.0.1:PORT/?x=1']],
  ['with a password', ['http://a:b@127.0.0.1:PORT']],
  ['without a port', ['http://127.0.0.1']],
  ['by another protocol', ['https://127.0.0.1:PORT']],
  ['to what is no address', ['127.0.0.1']],
])('passes nothing on: %s', async (_what, [address, more]) => {
  expect(await ask(address?.replace('PORT', String(port)), more)).toBeUndefined();
  expect(heard).toEqual([]);
});

it('follows no redirect', async () => {
  answer = () =>
    new Response(null, { status: 307, headers: { location: `http://127.0.0.1:${port}/elsewhere` } });
  expect(await ask(`http://127.0.0.1:${port}`)).toBe('lost');
  expect(heard).toHaveLength(1);
});

it('reads no endless answer', async () => {
  answer = () => new Response('x'.repeat(100_000));
  expect(await ask(`http://127.0.0.1:${port}`)).toBe('lost');
});

it('says that it does not know where nobody answers', async () => {
  server.close();
  expect(await ask(`http://127.0.0.1:${port}`)).toBe('lost');
});
