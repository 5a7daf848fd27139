import { afterEach, expect, it } from 'vitest';
import { FakeChartRepository } from './chart-repository.ts';

let repository: FakeChartRepository;
afterEach(() => repository.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${repository.url}${path}`, { headers });

it('lists its packages, and gives them', async () => {
  repository = await FakeChartRepository.start();
  repository.put('web', '1.0.0', Buffer.from('a package'));
  expect(await (await get('/index.yaml')).json()).toMatchObject({
    apiVersion: 'v1',
    entries: { web: [{ name: 'web', version: '1.0.0', urls: ['web-1.0.0.tgz'] }] },
  });
  expect(await (await get('/web-1.0.0.tgz')).text()).toBe('a package');
  expect((await get('/web-2.0.0.tgz')).status).toBe(404);
  expect(repository.requests).toEqual(['/index.yaml', '/web-1.0.0.tgz', '/web-2.0.0.tgz']);
});

it('gives nothing to who has no credentials', async () => {
  repository = await FakeChartRepository.start({ user: 'ann', password: 'hush' });
  expect((await get('/index.yaml')).status).toBe(401);
  const authorization = `Basic ${Buffer.from('ann:hush').toString('base64')}`;
  expect((await get('/index.yaml', { authorization })).status).toBe(200);
});

it('in trouble it answers everything so', async () => {
  repository = await FakeChartRepository.start();
  repository.trouble = { status: 502, body: 'bad gateway' };
  expect((await get('/index.yaml')).status).toBe(502);
});
