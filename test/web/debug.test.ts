import { describe, expect, it } from 'vitest';
import { debugging } from '../../src/web/debug.ts';

const ask = (path: string, host = '127.0.0.1:9229') => debugging().request(path, { headers: { host } });

describe('what is given on the loopback interface', () => {
  it('is a CPU profile that the usual tools open', async () => {
    const answer = await ask('/debug/profile?seconds=0.05');
    expect(await answer.json()).toMatchObject({
      nodes: expect.any(Array),
      startTime: expect.any(Number),
      endTime: expect.any(Number),
    });
  });

  it('is what is held, as sums', async () => {
    const answer = await ask('/debug/memory');
    expect(await answer.json()).toMatchObject({
      process: { rss: expect.any(Number) },
      heap: { heap_size_limit: expect.any(Number) },
      open: expect.any(Object),
    });
  });

  it.each(['0', '61', 'x', '-1'])('is no profile of %s seconds', async seconds => {
    expect((await ask(`/debug/profile?seconds=${seconds}`)).status).toBe(400);
  });

  it('is one profile at a time', async () => {
    const app = debugging();
    const headers = { host: 'localhost' };
    const first = app.request('/debug/profile?seconds=0.2', { headers });
    expect((await app.request('/debug/profile?seconds=0.2', { headers })).status).toBe(409);
    expect((await first).status).toBe(200);
  });

  it.each(['evil.example.com', 'evil.example.com:9229', '10.0.0.1:9229', ''])(
    'is not for who asks for the host %j',
    async host => {
      expect((await ask('/debug/memory', host)).status).toBe(403);
    },
  );

  it('is no heap snapshot, which would hold every Secret', async () => {
    for (const path of ['/debug/heap', '/debug/snapshot', '/debug/heapsnapshot'])
      expect((await ask(path)).status).toBe(404);
  });
});
