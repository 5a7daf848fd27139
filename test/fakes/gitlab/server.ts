import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createObjects } from './objects.ts';
import { createRoutes, notFound, type Reply, type Rule } from './routes.ts';
import { createUniverse, type MergeState, type ProjectState, type UserState, userOf } from './state.ts';

export interface NewMerge {
  author: string | null;
  head: string;
  base: string;
  target?: string;
  commits?: { id: string; message?: string; committer?: string | null }[];
  from?: ProjectState | null;
}

/** A GitLab of its own: state is built by calls and asked for over HTTP, as the documentation of version 4 has it. */
export interface FakeGitlab {
  readonly url: string;
  readonly token: string;
  project(path: string, id?: number): ProjectState;
  user(name: string, change?: Partial<UserState>): UserState;
  group(path: string, members: readonly string[]): void;
  open(project: ProjectState, options: NewMerge): MergeState;
  approve(merge: MergeState, by: string): void;
  push(merge: MergeState, head: string, by: string): void;
  /** `fast-forward` leaves `merge_commit_sha` null, as the service does. */
  merge(merge: MergeState, commit: string, method?: 'merge' | 'squash' | 'fast-forward', by?: string): void;
  now(): string;
  /** The next answers of an operation, instead of the true ones. */
  inject(rule: Rule, answer: { status: number; body: unknown }, times?: number): void;
  calls(rule: Rule): number;
  /** Ends all connections. Throws if anything was asked that the documentation does not have. */
  close(): Promise<void>;
}

const graphql = z.object({ query: z.string(), variables: z.object({ path: z.string(), iid: z.string() }) });

export async function startFakeGitlab(): Promise<FakeGitlab> {
  const token = 'glpat-of-the-fake';
  const universe = createUniverse();
  const mistakes: string[] = [];
  const counts = new Map<Rule, number>();
  let injected: { rule: Rule; answer: { status: number; body: unknown }; times: number }[] = [];
  let routes: ReturnType<typeof createRoutes> = [];

  function take(rule: Rule): Reply | undefined {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const found = injected.find(each => each.rule === rule);
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) injected = injected.filter(each => each !== found);
    return found.answer;
  }

  function answer(method: string, url: URL, text: string): Reply {
    if (url.pathname === '/api/graphql') return take('graphql') ?? committers(text);
    const path = url.pathname.replace(/^\/api\/v4/, '');
    const route = routes.find(each => each.method === method && each.pattern.test(path));
    if (route === undefined) {
      mistakes.push(`${method} ${path} is not documented here`);
      return notFound;
    }
    const unknown = [...url.searchParams.keys()].filter(name => !route.query.includes(name));
    if (unknown.length > 0) mistakes.push(`${method} ${path} does not take ${unknown.join(', ')}`);
    const args = (route.pattern.exec(path) ?? []).slice(1);
    return (
      take(route.rule) ?? route.reply(args, url.searchParams, text === '' ? undefined : JSON.parse(text))
    );
  }

  /** The one question of GraphQL that is asked; another is a mistake of whoever asks. */
  function committers(text: string): Reply {
    const { query, variables } = graphql.parse(JSON.parse(text));
    if (!/committers\(first: 100\) \{ nodes \{ id username \} pageInfo/.test(query))
      mistakes.push('another question');
    const place = [...universe.projects.values()].find(each => each.path === variables.path);
    const merge = place?.merges.get(Number(variables.iid));
    const users = new Map(
      merge?.commits.flatMap(({ committer: who }) => (who === null ? [] : [[who.id, who]])),
    );
    const nodes = [...users.values()].map(({ id, username }) => ({
      id: `gid://gitlab/User/${id}`,
      username,
    }));
    const found = merge && {
      diffHeadSha: merge.head,
      committers: { nodes, pageInfo: { hasNextPage: false } },
    };
    const project = place === undefined ? null : { mergeRequest: found ?? null };
    return { status: 200, body: { data: { project } } };
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', site);
    const known = request.headers['private-token'] === token;
    const reply: Reply = known
      ? answer(request.method ?? 'GET', url, Buffer.concat(chunks).toString('utf8'))
      : { status: 401, body: { message: '401 Unauthorized' } };
    if ('body' in reply) {
      response
        .writeHead(reply.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply.body));
      return;
    }
    const { items, headers } = pageOf(reply.list, url);
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(items));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  routes = createRoutes(universe, createObjects(site), 'holdfast-bot');

  return {
    url: site,
    token,
    project(path, id = universe.nextId()) {
      const state: ProjectState = {
        ...{
          id,
          path,
          commits: new Set<string>(),
          branches: new Map(),
          merges: new Map(),
          members: new Map(),
        },
        ...{ statuses: [], pushes: [], missed: new Set<number>() },
      };
      universe.projects.set(id, state);
      return state;
    },
    user: (name, change = {}) => Object.assign(userOf(universe, name), change),
    group: (path, members) =>
      void universe.groups.set(path, new Map(members.map(name => [userOf(universe, name).id, 30]))),
    open(project, { author, head, base, target = 'main', commits, from = project }) {
      const by = author === null ? null : userOf(universe, author);
      const linked = (commits ?? [{ id: head }]).map(({ id, message = 'Change', committer }) => ({
        ...{ id, message },
        committer: committer === undefined ? by : committer === null ? null : userOf(universe, committer),
      }));
      const iid = project.merges.size + 1;
      const state: MergeState = {
        ...{ iid, title: `Change ${iid}`, author: by, state: 'opened', head, baseSha: base, merged: null },
        ...{ source: { project: from, branch: 'change' }, target: { project, branch: target } },
        ...{ versions: [{ head, at: universe.nextTime() }], commits: linked },
        ...{ approvals: [], reviewers: [], notes: [] },
      };
      for (const id of [head, ...linked.map(each => each.id)]) project.commits.add(id);
      project.merges.set(iid, state);
      return state;
    },
    approve(merge, name) {
      const by = userOf(universe, name);
      const at = universe.nextTime();
      merge.approvals.push({ by, at });
      merge.notes.push({ body: 'approved this merge request', system: true, by, at });
    },
    push(merge, head, name) {
      const by = userOf(universe, name);
      const at = universe.nextTime();
      merge.head = head;
      merge.versions.push({ head, at });
      merge.commits.push({ id: head, message: 'Change', committer: by });
      merge.notes.push({
        body: `added 1 commit\n\n<ul><li>${head} - Change</li></ul>`,
        system: true,
        by,
        at,
      });
      merge.target.project.commits.add(head);
    },
    merge(merge, commit, method = 'merge', name = 'maintainer') {
      const by = userOf(universe, name);
      const own = {
        mergeCommit: method === 'merge' ? commit : null,
        squashCommit: method === 'squash' ? commit : null,
      };
      merge.merged = { by, at: universe.nextTime(), ...own };
      merge.state = 'merged';
      merge.target.project.commits.add(commit);
    },
    now: () => universe.nextTime(),
    inject: (rule, given, times = 1) => void injected.push({ rule, answer: given, times }),
    calls: rule => counts.get(rule) ?? 0,
    async close() {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
      if (mistakes.length > 0) throw new Error(`not as GitLab documents it: ${mistakes.join('; ')}`);
    },
  };
}

/** 20 items by default, 100 at most, with links to the neighbours. */
function pageOf(list: readonly unknown[], url: URL) {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 20), 100);
  const page = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const target = new URL(url);
  target.searchParams.set('page', String(page + 1));
  const link = page < last ? { link: `<${target.href}>; rel="next"` } : {};
  return {
    items: list.slice((page - 1) * size, page * size),
    headers: { 'x-total': String(list.length), ...link },
  };
}
