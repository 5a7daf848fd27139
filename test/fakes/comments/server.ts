import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeComment {
  id: number;
  author: string;
  body: string;
}

/**
 * The comments of one pull request and the check runs of one repository, as GitHub (`/api/v3`) and GitLab (`/api/v4`) serve them:
 * pages of a hundred at most, bodies of 65,536 and 1,000,000 characters at most, fifty annotations a request. Anything else is refused.
 */
export interface FakeComments {
  url: string;
  comments: FakeComment[];
  checks: { id: number; body: Record<string, unknown>; annotations: unknown[] }[];
  /** `METHOD path` of each request. */
  requests: string[];
  close(): Promise<void>;
}

export async function startFakeComments(options: { token: string; login: string }): Promise<FakeComments> {
  const state: Pick<FakeComments, 'comments' | 'checks' | 'requests'> = {
    comments: [],
    checks: [],
    requests: [],
  };
  const server = createServer(async (request, response) => {
    const answer = await reply(request, state, options).catch(error => ({
      status: 500,
      body: String(error),
    }));
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...state,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise(done => server.close(() => done()));
    },
  };
}

type State = Pick<FakeComments, 'comments' | 'checks' | 'requests'>;
type Reply = { status: number; body: unknown };

async function reply(
  request: IncomingMessage,
  state: State,
  { token, login }: { token: string; login: string },
): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const method = request.method ?? '';
  state.requests.push(`${method} ${url.pathname}`);
  const given = request.headers['authorization']?.replace('Bearer ', '') ?? request.headers['private-token'];
  if (given !== token) return { status: 401, body: { message: 'Bad credentials' } };
  const text = await bodyOf(request);
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  if (url.pathname.startsWith('/api/v4/')) return gitlab(method, url, body, state, login);
  if (url.pathname.includes('/check-runs')) return checkRuns(method, url, body, state);
  return github(method, url, body, state, login);
}

function github(method: string, url: URL, body: Record<string, unknown>, state: State, login: string): Reply {
  const wire = ({ id, author, body: text }: FakeComment) => ({ id, body: text, user: { login: author } });
  const list = /^\/api\/v3\/repos\/acme\/infra\/issues\/7\/comments$/.test(url.pathname);
  const one = /^\/api\/v3\/repos\/acme\/infra\/issues\/comments\/(\d+)$/.exec(url.pathname);
  if (list && method === 'GET') return { status: 200, body: pageOf(state.comments, url).map(wire) };
  const refused = tooLong(body['body'], 65_536);
  if (refused !== undefined) return refused;
  if (list && method === 'POST')
    return { status: 201, body: wire(added(state, login, String(body['body']))) };
  if (one !== null && method === 'PATCH')
    return edited(state, Number(one[1]), String(body['body']), wire, login);
  return { status: 404, body: { message: 'Not Found' } };
}

function gitlab(method: string, url: URL, body: Record<string, unknown>, state: State, login: string): Reply {
  const wire = ({ id, author, body: text }: FakeComment) => ({
    id,
    body: text,
    system: false,
    author: { username: author },
  });
  const place = /^\/api\/v4\/projects\/acme%2Finfra\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(
    url.pathname,
  );
  if (url.pathname === '/api/v4/user') return { status: 200, body: { username: login } };
  if (place === null) return { status: 404, body: { message: '404 Not found' } };
  if (method === 'GET') return { status: 200, body: pageOf(state.comments, url).map(wire) };
  const refused = tooLong(body['body'], 1_000_000);
  if (refused !== undefined) return refused;
  if (method === 'POST') return { status: 201, body: wire(added(state, login, String(body['body']))) };
  if (method === 'PUT') return edited(state, Number(place[1]), String(body['body']), wire, login);
  return { status: 405, body: {} };
}

function checkRuns(method: string, url: URL, body: Record<string, unknown>, state: State): Reply {
  const output = (body['output'] ?? {}) as { title?: string; summary?: string; annotations?: unknown[] };
  const annotations = output.annotations ?? [];
  const wrong =
    annotations.length > 50 || [...(output.summary ?? '')].length > 65_535 || (output.title ?? '') === '';
  if (wrong) return { status: 422, body: { message: 'Invalid request' } };
  if (method === 'POST') {
    const id = state.checks.length + 1;
    state.checks.push({ id, body, annotations: [...annotations] });
    return { status: 201, body: { id } };
  }
  const check = state.checks.find(({ id }) => url.pathname.endsWith(`/${id}`));
  if (method !== 'PATCH' || check === undefined) return { status: 404, body: {} };
  check.annotations.push(...annotations);
  return { status: 200, body: { id: check.id } };
}

function pageOf<T>(items: readonly T[], url: URL): T[] {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

function tooLong(body: unknown, limit: number): Reply | undefined {
  if (typeof body !== 'string') return { status: 422, body: { message: 'body is missing' } };
  return [...body].length > limit ? { status: 422, body: { message: 'body is too long' } } : undefined;
}

function added(state: State, author: string, body: string): FakeComment {
  const comment = { id: state.comments.length + 1, author, body };
  state.comments.push(comment);
  return comment;
}

/** Whoever may write may edit any comment on GitHub: it is for the caller to edit only its own. */
function edited(
  state: State,
  id: number,
  body: string,
  wire: (comment: FakeComment) => unknown,
  _login: string,
): Reply {
  const comment = state.comments.find(each => each.id === id);
  if (comment === undefined) return { status: 404, body: {} };
  comment.body = body;
  return { status: 200, body: wire(comment) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
