import { expect, it } from 'vitest';
import { fakeConnection, statusBody } from './connection.ts';

it('answers what it is told to and remembers what it was asked', async () => {
  const fake = fakeConnection(({ path }) => (path === '/a' ? { body: { a: 1 } } : undefined));

  const [known, unknown] = [
    await fake.connection.request({ path: '/a' }),
    await fake.connection.request({ path: '/b' }),
  ];

  expect(known).toEqual({ status: 200, headers: {}, body: { a: 1 } });
  expect(unknown.status).toBe(404);
  expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /a', 'GET /b']);
});

it('throws the errors that it is given', async () => {
  const fake = fakeConnection(() => new Error('no'));

  await expect(fake.connection.request({ path: '/' })).rejects.toThrow('no');
});

it('gives a watch line by line', async () => {
  const fake = fakeConnection(() => ({ body: [{ type: 'A' }, { type: 'B' }] }));
  const lines: string[] = [];

  const status = await fake.connection.lines({ path: '/w' }, line => lines.push(line));

  expect([status, ...lines]).toEqual([200, '{"type":"A"}', '{"type":"B"}']);
});

it('makes a Status', () => {
  expect(statusBody('NotFound', 'not there')).toMatchObject({ kind: 'Status', reason: 'NotFound' });
});
