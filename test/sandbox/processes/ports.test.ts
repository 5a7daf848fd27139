import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort, onFreePort, PortTaken } from '../../../sandbox/processes/ports.ts';

it('a free port can be listened on', async () => {
  const port = await freePort();
  const server = createServer();

  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));

  expect(port).toBeGreaterThan(0);
  server.close();
});

it('a port that is taken meanwhile is replaced by another', async () => {
  const tried: number[] = [];

  const result = await onFreePort(
    async port => {
      tried.push(port);
      if (tried.length < 3) throw new PortTaken('lost the race');
      return `on ${port}`;
    },
    async () => 100 + tried.length,
  );

  expect(result).toBe('on 102');
});

it('losing every time ends with the reason', async () => {
  let tries = 0;
  const start = async () => {
    tries += 1;
    throw new PortTaken('lost the race');
  };

  await expect(onFreePort(start, async () => 1, 4)).rejects.toThrow('lost the race');
  expect(tries).toBe(4);
});

it('another error is not tried again', async () => {
  let tries = 0;
  const start = async () => {
    tries += 1;
    throw new Error('broken');
  };

  await expect(onFreePort(start, async () => 1)).rejects.toThrow('broken');
  expect(tries).toBe(1);
});
