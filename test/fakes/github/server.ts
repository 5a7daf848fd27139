import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorAnswer, jsonAnswer, pageOf, type WireAnswer, withEtag } from './answer.ts';
import { addRepository, type FakeRepository } from './builder.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { answerGraphql } from './graphql.ts';
import { userOf } from './names.ts';
import { createObjects } from './objects.ts';
import { createRoutes, type Route, type Rule } from './routes.ts';
import { createAnswerCheck, type Method } from './schema.ts';
import { send } from './send.ts';
import { createUniverse, type RepositoryState, type UserState } from './state.ts';
import { jwtMistake, type WideRoute, wideRoutes } from './wide-routes.ts';

/** A GitHub of its own: state is built by calls, asked for over HTTP, and every answer is checked against the OpenAPI. */
export interface FakeGithub {
  /** As people open it, like an Enterprise Server: the API is below `/api/v3`. */
  readonly url: string;
  readonly token: string;
  repository(fullName: string, options?: { id?: number }): FakeRepository;
  user(login: string, type?: UserState['type']): UserState;
  /** Who is in a team, by `org/slug`. */
  team(name: string, members: readonly string[]): void;
  /** Installs an App whose tokens are good from then on. */
  install(app: { id: number; installation: number; publicKey: string; now: () => Date }): void;
  /** Forgets an account: it is asked for in vain from then on. */
  removeUser(login: string): void;
  readonly inject: Faults['inject'];
  readonly clearFaults: Faults['clear'];
  /** Requests that reached an operation since the last reset; those answered 304 count too. */
  calls(rule?: Rule): number;
  /** Answers by 304. */
  confirmed(): number;
  /** Path and query of every request, in order. */
  readonly requests: readonly string[];
  resetCalls(): void;
  /** What may still be asked before the service answers 403; a 304 costs nothing. */
  limit(remaining: number, reset: number): void;
  /** Ends all connections. Throws if any answer was not as the published OpenAPI says. */
  close(): Promise<void>;
}

const prefix = '/api/v3';
const check = createAnswerCheck();

export async function startFakeGithub(options: { token?: string } = {}): Promise<FakeGithub> {
  const token = options.token ?? 'github_pat_of_the_fake';
  const universe = createUniverse();
  const faults = createFaults();
  const violations: string[] = [];
  const requests: string[] = [];
  const counts = new Map<Rule, number>();
  let confirmed = 0;
  let budget = { remaining: 5000, reset: 0 };
  let routes: Route[] = [];
  let wide: WideRoute[] = [];
  let api = '';

  function place(path: string): { found: RepositoryState; rest: string; moved: boolean } | undefined {
    const [, id, restById = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    const [, name, restByName = ''] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
    for (const found of universe.repositories.values()) {
      const fullName = `${found.owner.login}/${found.name}`;
      if (String(found.id) === id) return { found, rest: restById, moved: false };
      if (fullName.toLowerCase() === name?.toLowerCase()) return { found, rest: restByName, moved: false };
      if (name !== undefined && found.formerNames.includes(name))
        return { found, rest: restByName, moved: true };
    }
    return undefined;
  }

  function isInstallation(given: string | undefined): boolean {
    const { app } = universe;
    return (app?.tokens.get(given ?? '') ?? 0) > (app?.now().getTime() ?? 0);
  }

  /** What the service refuses before it looks at the operation. */
  function refused(request: IncomingMessage): WireAnswer | undefined {
    const { authorization, 'user-agent': agent, 'x-github-api-version': version } = request.headers;
    if (agent === undefined) return errorAnswer(403, 'Request forbidden by administrative rules.');
    if (version !== undefined && version !== '2022-11-28')
      return errorAnswer(400, 'Unsupported API version.');
    if (authorization === undefined) return errorAnswer(404, 'Not Found');
    const given = /^(?:bearer|token) (.+)$/i.exec(authorization)?.[1];
    if (given === token || isInstallation(given)) return undefined;
    if (!/^\/api\/v3\/app\//.test(request.url ?? '')) return errorAnswer(401, 'Bad credentials');
    const mistake = jwtMistake(universe, given ?? '');
    return mistake === undefined ? undefined : errorAnswer(401, mistake);
  }

  function answer(
    request: IncomingMessage,
    url: URL,
    text: string,
  ): { answer: WireAnswer; fault?: Fault | undefined } {
    const early = refused(request);
    if (early !== undefined) return { answer: early };
    const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : '';
    const wide = answerWide(request, url.pathname, path, text);
    if (wide !== undefined) return wide;
    const at = place(path);
    if (at === undefined) return { answer: errorAnswer(404, 'Not Found') };
    const canonical = `${api}/repositories/${at.found.id}${at.rest}`;
    if (at.moved)
      return {
        answer: jsonAnswer(301, { message: 'Moved Permanently', url: canonical }, { location: canonical }),
      };
    const method = methodOf(request);
    const route = routes.find(each => (each.method ?? 'get') === method && each.pattern.test(at.rest));
    if (route === undefined) return { answer: errorAnswer(404, 'Not Found') };
    counts.set(route.rule, (counts.get(route.rule) ?? 0) + 1);
    const fault = faults.take(route.rule);
    if (fault?.kind === 'status') {
      return {
        answer: errorAnswer(fault.status, fault.message ?? 'The fake was told to fail.', fault.headers),
      };
    }
    if (budget.remaining <= 0) return { answer: limited() };
    const argument = decodeURIComponent(route.pattern.exec(at.rest)?.[1] ?? '');
    const asked = {
      query: url.searchParams,
      body: method === 'get' ? undefined : (JSON.parse(text) as unknown),
      asApp: isInstallation(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]),
    };
    const misasked = method === 'get' ? undefined : check.request(route.operation, method, asked.body);
    if (misasked !== undefined) violations.push(misasked);
    const reply = route.reply(at.found, argument, asked);
    const { status, body, headers } = pageOf(reply, url.searchParams, canonical);
    const wrong = check(route.operation, status, body, method);
    if (wrong !== undefined) violations.push(wrong);
    const whole = jsonAnswer(status, fault?.kind === 'edit' ? fault.edit(body) : body, headers);
    const tagged = status === 200 ? withEtag(whole, request.headers['if-none-match']) : whole;
    if (tagged.status === 304) confirmed += 1;
    else budget.remaining -= 1;
    const limits = {
      'x-ratelimit-remaining': String(budget.remaining),
      'x-ratelimit-reset': String(budget.reset),
    };
    return { answer: { ...tagged, headers: { ...tagged.headers, ...limits } }, fault };
  }

  /** What is asked about no repository: teams, accounts, tokens of an App, and GraphQL beside the REST API. */
  function answerWide(request: IncomingMessage, whole: string, path: string, text: string) {
    const rule = whole === '/api/graphql' ? 'graphql' : undefined;
    const method = methodOf(request);
    const route = wide.find(each => (each.method ?? 'get') === method && each.pattern.test(path));
    const asked = rule ?? route?.rule;
    if (asked === undefined) return undefined;
    counts.set(asked, (counts.get(asked) ?? 0) + 1);
    const fault = faults.take(asked);
    if (fault?.kind === 'status')
      return {
        answer: errorAnswer(fault.status, fault.message ?? 'The fake was told to fail.', fault.headers),
      };
    if (budget.remaining <= 0) return { answer: limited() };
    budget.remaining -= 1;
    const edited = (body: unknown) => (fault?.kind === 'edit' ? fault.edit(body) : body);
    if (route === undefined) return { answer: jsonAnswer(200, edited(answerGraphql(universe, text))), fault };
    const args = (route.pattern.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const reply = route.reply(args);
    const body = 'body' in reply ? reply.body : reply.list;
    const wrong = check(route.operation, reply.status, body, method);
    if (wrong !== undefined) violations.push(wrong);
    return { answer: jsonAnswer(reply.status, edited(body)), fault };
  }

  function limited(): WireAnswer {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(budget.reset) };
    return errorAnswer(403, 'API rate limit exceeded for user ID 1.', headers);
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', api);
    requests.push(`${url.pathname}${url.search}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { answer: given, fault } = answer(request, url, Buffer.concat(chunks).toString('utf8'));
    send(response, given, fault, url);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  api = `${url}${prefix}`;
  routes = createRoutes(universe, createObjects(api));
  wide = wideRoutes(universe, createObjects(api), api);

  return {
    url,
    token,
    requests,
    repository: (fullName, more) => addRepository(universe, fullName, more),
    user: (login, type) => userOf(universe, login, type),
    team: (name, members) => void universe.teams.set(name.toLowerCase(), new Set(members)),
    install: app => {
      universe.app = { ...app, tokens: new Map(), issued: 0 };
    },
    removeUser: login => {
      universe.users.delete(login);
    },
    inject: faults.inject,
    clearFaults: faults.clear,
    calls: rule =>
      rule === undefined ? [...counts.values()].reduce((a, b) => a + b, 0) : (counts.get(rule) ?? 0),
    confirmed: () => confirmed,
    resetCalls: () => {
      counts.clear();
      requests.length = 0;
      confirmed = 0;
    },
    limit: (remaining, reset) => {
      budget = { remaining, reset };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
      if (violations.length > 0) throw new Error(`not as GitHub's OpenAPI says: ${violations.join('; ')}`);
    },
  };
}

function methodOf(request: IncomingMessage): Method {
  return (request.method ?? 'GET').toLowerCase() as Method;
}
