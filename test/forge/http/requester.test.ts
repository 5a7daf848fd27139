import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { createRequester } from '../../../src/forge/http/requester.ts';
import { SlowDown } from '../../../src/forge/http/slow-down.ts';

const token = 'tok-3n+of/this=test';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function requesterFor(root: string, options: { now?: () => Date } = {}) {
  const headers = { authorization: `token ${token}` };
  return createRequester({ root, headers, secrets: [token], timeoutMs: 300, maxBytes: 1000, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

describe('what a status means', () => {
  it.each([
    [401, 'HF1402'],
    [403, 'HF1402'],
    [404, 'HF1403'],
    [301, 'HF1403'],
    [308, 'HF1403'],
    [429, 'HF1404'],
    [500, 'HF1401'],
    [502, 'HF1401'],
    [503, 'HF1401'],
    [204, 'HF1405'],
    [304, 'HF1405'],
    [400, 'HF1405'],
    [418, 'HF1405'],
  ])('%i is %s', async (status, code) => {
    const root = await serve((_, response) => response.writeHead(status).end());
    expect((await failureOf(requesterFor(root).get('/x'))).code).toBe(code);
  });

  it('is an answer if the caller understands it', async () => {
    const root = await serve((_, response) => response.writeHead(404).end('{}'));
    expect((await requesterFor(root).get('/x', [404])).status).toBe(404);
  });
});

describe('what never reaches further', () => {
  it('a server that is not there', async () => {
    const root = await serve(() => undefined);
    await new Promise<void>(resolve => servers.splice(0)[0]?.close(() => resolve()));
    const failure = await failureOf(requesterFor(root).get('/x'));
    expect(failure.code).toBe('HF1401');
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it.each<[string, RequestListener]>([
    ['no answer at all', () => undefined],
    ['headers and no body', (_, response) => response.writeHead(200).flushHeaders()],
    [
      'a body that drips for ever',
      (_, response) => {
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('%s, when its time is over', async (_, listener) => {
    const failure = await failureOf(requesterFor(await serve(listener)).get('/x'));
    expect(failure.code).toBe('HF1401');
    expect(failure.message).toContain('in time');
  });

  it('a body that breaks off', async () => {
    const root = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    });
    expect((await failureOf(requesterFor(root).get('/x'))).code).toBe('HF1401');
  });

  it('a body without end, read no further than the limit', async () => {
    let sent = 0;
    const root = await serve((_, response) => {
      response.on('error', () => undefined);
      const more = (error?: Error | null) => {
        if (error || response.socket?.destroyed !== false) return;
        sent += 64 * 1024;
        response.write('x'.repeat(64 * 1024), more);
      };
      more();
    });
    const failure = await failureOf(requesterFor(root).get('/x'));
    expect(failure.code).toBe('HF1405');
    expect(failure.message).toContain('more than 1000 bytes');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('a redirect: the token is not sent elsewhere', async () => {
    let asked = 0;
    const elsewhere = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const root = await serve((_, response) => response.writeHead(302, { location: `${elsewhere}/y` }).end());
    const failure = await failureOf(requesterFor(root).get('/x'));
    expect(failure.message).toContain(`moved to ${elsewhere}/y`);
    expect(asked).toBe(0);
  });

  it.each(['http://127.0.0.1:1/x', 'https://elsewhere.example/x', 'x', '', 'file:///etc/passwd'])(
    'the address %j that an answer named',
    async address => {
      const root = await serve((_, response) => response.end('{}'));
      expect((await failureOf(requesterFor(root).get(address))).code).toBe('HF1405');
    },
  );
});

describe('words from outside', () => {
  it.each([
    ['the token', `no ${token} here`],
    ['the token as a URL writes it', `no ${encodeURIComponent(token)} here`],
  ])('never show %s', async (_, message) => {
    const body = JSON.stringify({ message });
    const root = await serve((_, response) => response.writeHead(500).end(body));
    const failure = await failureOf(requesterFor(root).get('/x'));
    expect(failure.message).toContain('no (secret) here');
    expect(`${failure.line} ${failure.stack} ${failure.cause}`).not.toContain('tok-3n');
  });

  it('lose control and direction characters, and are cut', async () => {
    const body = JSON.stringify({ message: `a\u001b[31m\n\u202eb${'x'.repeat(800)}` });
    const root = await serve((_, response) => response.writeHead(500).end(body));
    const { message } = await failureOf(requesterFor(root).get('/x'));
    expect(message).toContain('a [31m b');
    expect(message.length).toBeLessThan(300);
  });
});

describe('when the forge asks to slow down', () => {
  const start = new Date('2026-01-05T09:00:00Z');
  const at = (seconds: number) => new Date(start.getTime() + seconds * 1000).toISOString();
  const reset = (seconds: number) => String(start.getTime() / 1000 + seconds);

  it.each<[string, number, Record<string, string>, string, number]>([
    ['retry-after in seconds', 429, { 'retry-after': '30' }, '', 30],
    ['retry-after as a date', 403, { 'retry-after': new Date(at(90)).toUTCString() }, '', 90],
    [
      'retry-after before the reset',
      403,
      { 'retry-after': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(600) },
      '',
      5,
    ],
    ['the reset', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(600) }, '', 600],
    [
      'a reset in the past: a second at least',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(-600) },
      '',
      1,
    ],
    [
      'a reset next year: an hour at most',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(9e6) },
      '',
      3600,
    ],
    ['nothing but its words: a minute', 403, {}, 'You have exceeded a secondary rate limit.', 60],
    ['nothing: a minute', 429, {}, '', 60],
    ['nonsense: a minute', 429, { 'retry-after': 'soon' }, '', 60],
  ])('%s says until when', async (_, status, headers, message, seconds) => {
    const root = await serve((_, response) =>
      response.writeHead(status, headers).end(JSON.stringify({ message })),
    );
    const failure = await failureOf(requesterFor(root, { now: () => start }).get('/x'));
    expect(failure.code).toBe('HF1404');
    expect(failure).toBeInstanceOf(SlowDown);
    expect((failure as SlowDown).retryAt).toBe(at(seconds));
  });

  it('it is left alone until then, and asked again from then on', async () => {
    let asked = 0;
    let now = start;
    const root = await serve((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { 'retry-after': '30' }).end();
      else response.end('{}');
    });
    const requester = requesterFor(root, { now: () => now });
    expect((await failureOf(requester.get('/x'))).code).toBe('HF1404');
    now = new Date(at(29));
    expect((await failureOf(requester.get('/y'))).code).toBe('HF1404');
    expect(asked).toBe(1);
    now = new Date(at(30));
    expect((await requester.get('/x')).status).toBe(200);
  });

  it('the wait doubles each time in a row when it does not say how long', async () => {
    let now = start;
    const root = await serve((_, response) => response.writeHead(429).end());
    const requester = requesterFor(root, { now: () => now });
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { retryAt } = (await failureOf(requester.get('/x'))) as SlowDown;
      waits.push((Date.parse(retryAt) - now.getTime()) / 1000);
      now = new Date(retryAt);
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });

  it('a plain refusal is none', async () => {
    const body = JSON.stringify({ message: 'Resource not accessible by personal access token' });
    const root = await serve((_, response) =>
      response.writeHead(403, { 'x-ratelimit-remaining': '17' }).end(body),
    );
    const failure = await failureOf(requesterFor(root).get('/x'));
    expect(failure.code).toBe('HF1402');
    expect(failure.message).toContain('Resource not accessible');
  });
});
