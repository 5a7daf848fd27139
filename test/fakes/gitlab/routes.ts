import { z } from 'zod';
import type { createObjects } from './objects.ts';
import { type MergeState, type ProjectState, type Universe, userOf } from './state.ts';

/** The operations that the fake answers; faults and call counts name them so. */
export type Rule =
  | 'project'
  | 'commit'
  | 'lookup'
  | 'list'
  | 'merge'
  | 'approvals'
  | 'versions'
  | 'reviewers'
  | 'notes'
  | 'commits'
  | 'statuses'
  | 'status'
  | 'member'
  | 'group'
  | 'group-member'
  | 'user'
  | 'users'
  | 'open'
  | 'events'
  | 'graphql';

export type Reply = { status: number; body: unknown } | { list: unknown[] };

export interface Route {
  rule: Rule;
  method: 'GET' | 'POST';
  pattern: RegExp;
  /** Names of query parameters that the documentation has; another one is a mistake of whoever asks. */
  query: readonly string[];
  reply(args: readonly string[], query: URLSearchParams, body: unknown): Reply;
}

export const notFound: Reply = { status: 404, body: { message: '404 Not Found' } };
const newMerge = z.strictObject({
  source_branch: z.string(),
  target_branch: z.string(),
  title: z.string(),
  description: z.string().max(1_048_576).optional(),
  remove_source_branch: z.boolean().optional(),
});
const paging = ['page', 'per_page'];
const newStatus = z.strictObject({
  state: z.enum(['pending', 'running', 'success', 'failed', 'canceled', 'skipped']),
  name: z.string().optional(),
  ref: z.string().optional(),
  target_url: z.url().optional(),
  description: z.string().max(255).optional(),
});

export function createRoutes(
  universe: Universe,
  objects: ReturnType<typeof createObjects>,
  tokenUser: string,
): Route[] {
  const placeOf = (id: string): ProjectState | undefined => {
    const name = decodeURIComponent(id);
    return [...universe.projects.values()].find(each => String(each.id) === name || each.path === name);
  };
  const at = (pattern: string) => new RegExp(`^/projects/([^/]+)${pattern}$`);
  const ofMerge =
    (reply: (merge: MergeState, place: ProjectState) => Reply) =>
    ([id = '', iid = '']: readonly string[]): Reply => {
      const place = placeOf(id);
      const merge = place?.merges.get(Number(iid));
      return place === undefined || merge === undefined ? notFound : reply(merge, place);
    };
  const ofPlace =
    (reply: (place: ProjectState, argument: string, query: URLSearchParams, body: unknown) => Reply) =>
    ([id = '', argument = '']: readonly string[], query: URLSearchParams, body: unknown): Reply => {
      const place = placeOf(id);
      return place === undefined ? notFound : reply(place, argument, query, body);
    };
  const get = (rule: Rule, pattern: RegExp, reply: Route['reply'], query: string[] = []): Route => ({
    ...{ rule, method: 'GET', pattern, query, reply },
  });

  return [
    get(
      'project',
      at(''),
      ofPlace(place => ({ status: 200, body: objects.project(place) })),
    ),
    get(
      'commit',
      at('/repository/commits/([^/]+)'),
      ofPlace((place, sha) =>
        place.commits.has(sha)
          ? { status: 200, body: { id: sha, short_id: sha.slice(0, 8), message: 'Change', parent_ids: [] } }
          : { status: 404, body: { message: '404 Commit Not Found' } },
      ),
    ),
    get(
      'lookup',
      at('/repository/commits/([^/]+)/merge_requests'),
      ofPlace((place, sha) => ({ list: related(place, sha).map(objects.merge) })),
      paging,
    ),
    get(
      'list',
      at('/merge_requests'),
      ofPlace((place, _, query) => {
        const state = query.get('state') ?? 'all';
        const [source, target] = [query.get('source_branch'), query.get('target_branch')];
        const fits = [...place.merges.values()].filter(
          each =>
            (state === 'all' || each.state === state) &&
            (source === null || each.source.branch === source) &&
            (target === null || each.target.branch === target),
        );
        return { list: fits.toReversed().map(objects.merge) };
      }),
      [...paging, 'state', 'order_by', 'sort', 'source_branch', 'target_branch'],
    ),
    {
      ...{ rule: 'open', method: 'POST', pattern: at('/merge_requests'), query: [] },
      reply: ofPlace((place, _argument, _query, body) => {
        const { data: wanted } = newMerge.safeParse(body);
        if (wanted === undefined) return { status: 400, body: { message: 'source_branch is missing' } };
        const source = { project: place, branch: wanted.source_branch };
        const isOpen = [...place.merges.values()].find(
          each => each.state === 'opened' && each.source.branch === source.branch,
        );
        if (isOpen !== undefined) {
          const message = [
            `Another open merge request already exists for this source branch: !${isOpen.iid}`,
          ];
          return { status: 409, body: { message } };
        }
        const head = place.branches.get(source.branch);
        if (head === undefined)
          return { status: 400, body: { message: { source_branch: ['does not exist'] } } };
        const [iid, by] = [place.merges.size + 1, userOf(universe, tokenUser)];
        const merge: MergeState = {
          ...{ iid, title: wanted.title, author: by, state: 'opened', head, baseSha: head, merged: null },
          ...{ source, target: { project: place, branch: wanted.target_branch } },
          ...{ versions: [{ head, at: universe.nextTime() }], commits: [] },
          ...{ approvals: [], reviewers: [], notes: [] },
        };
        place.merges.set(iid, merge);
        return { status: 201, body: objects.merge(merge) };
      }),
    },
    get(
      'merge',
      at('/merge_requests/(\\d+)'),
      ofMerge(merge => ({ status: 200, body: objects.wholeMerge(merge) })),
    ),
    get(
      'approvals',
      at('/merge_requests/(\\d+)/approvals'),
      ofMerge(merge => ({ status: 200, body: objects.approvals(merge) })),
    ),
    get(
      'versions',
      at('/merge_requests/(\\d+)/versions'),
      ofMerge(({ versions, baseSha }) => ({
        list: versions.toReversed().map(({ head, at: made }, index) => ({
          ...{ id: 100 - index, head_commit_sha: head, base_commit_sha: baseSha, start_commit_sha: baseSha },
          ...{
            created_at: made,
            merge_request_id: 1,
            state: 'collected',
            real_size: '1',
            patch_id_sha: null,
          },
        })),
      })),
      paging,
    ),
    get(
      'reviewers',
      at('/merge_requests/(\\d+)/reviewers'),
      ofMerge(({ reviewers }) => ({
        list: reviewers.map(({ user, state, at: since }) => ({
          user: objects.user(user),
          state,
          created_at: since,
        })),
      })),
      paging,
    ),
    get(
      'notes',
      at('/merge_requests/(\\d+)/notes'),
      ofMerge(({ notes }) => ({
        list: notes.map(({ body, system, by, at: made }, index) => ({
          ...{
            id: index + 1,
            body,
            system,
            created_at: made,
            updated_at: made,
            noteable_type: 'MergeRequest',
          },
          ...{ author: by === null ? null : objects.user(by), resolvable: false, confidential: false },
        })),
      })),
      [...paging, 'sort', 'order_by'],
    ),
    get(
      'commits',
      at('/merge_requests/(\\d+)/commits'),
      ofMerge(({ commits }) => ({
        list: commits.map(({ id, message }) => ({
          ...{ id, short_id: id.slice(0, 8), title: message.split('\n')[0], message, parent_ids: [] },
          ...{ author_name: 'Somebody', author_email: 'somebody@example.com', committer_name: 'Somebody' },
        })),
      })),
      paging,
    ),
    get(
      'statuses',
      at('/repository/commits/([^/]+)/statuses'),
      ofPlace((place, sha) => {
        const latest = new Map(
          place.statuses.filter(each => each.sha === sha).map(each => [each.name, each]),
        );
        return {
          list: [...latest.values()].map(({ name, status, by, description }, index) => ({
            ...{ id: index + 1, sha, ref: 'main', status, name, description, target_url: null },
            ...{ allow_failure: false, author: objects.user(by), created_at: '2026-01-05T09:00:00.000Z' },
          })),
        };
      }),
      paging,
    ),
    {
      ...{ rule: 'status', method: 'POST', pattern: at('/statuses/([^/]+)'), query: [] },
      reply: ofPlace((place, sha, _, body) => {
        const wanted = newStatus.safeParse(body);
        if (!wanted.success) return { status: 400, body: { message: wanted.error.message } };
        if (!place.commits.has(sha)) return { status: 404, body: { message: '404 Commit Not Found' } };
        const { state: status, name = 'default', description = null } = wanted.data;
        const before = place.statuses.findLast(each => each.sha === sha && each.name === name);
        if (before?.status === status) {
          const message = `Cannot transition status via :${status} from :${status} (Reason(s): Status cannot transition via "${status}")`;
          return { status: 400, body: { message } };
        }
        place.statuses.push({ sha, name, status, description, by: userOf(universe, tokenUser) });
        return { status: 201, body: { id: place.statuses.length, sha, status, name, description } };
      }),
    },
    get(
      'member',
      at('/members/all/(\\d+)'),
      ofPlace((place, id) => memberOf(place.members, Number(id))),
    ),
    get('group-member', /^\/groups\/([^/]+)\/members\/all\/(\d+)$/, ([path = '', id = '']) => {
      const members = universe.groups.get(decodeURIComponent(path));
      return members === undefined
        ? { status: 404, body: { message: '404 Group Not Found' } }
        : memberOf(members, Number(id));
    }),
    get(
      'group',
      /^\/groups\/([^/]+)$/,
      ([path = '']) => {
        const name = decodeURIComponent(path);
        return universe.groups.has(name) ? { status: 200, body: { id: 1, full_path: name } } : notFound;
      },
      ['with_projects'],
    ),
    get(
      'users',
      /^\/users$/,
      (_, query) => {
        const user = universe.users.get(query.get('username') ?? '');
        return { list: user === undefined ? [] : [objects.user(user)] };
      },
      [...paging, 'username'],
    ),
    get('user', /^\/users\/(\d+)$/, ([id = '']) => {
      const user = [...universe.users.values()].find(each => each.id === Number(id));
      return user === undefined ? notFound : { status: 200, body: objects.person(user) };
    }),
    get(
      'events',
      at('/events'),
      ofPlace(place => ({ list: place.pushes.toReversed().map(push => objects.event(push, place)) })),
      [...paging, 'action', 'before', 'after', 'sort'],
    ),
  ];

  function memberOf(members: ReadonlyMap<number, number>, id: number): Reply {
    const level = members.get(id);
    const user = [...universe.users.values()].find(each => each.id === id);
    if (level === undefined || user === undefined) return notFound;
    return { status: 200, body: { ...objects.user(user), access_level: level, expires_at: null } };
  }
}

/** Loose, as the service is: every merge request that has the commit, merged or not, of this project or from a fork. */
function related(place: ProjectState, sha: string): MergeState[] {
  return [...place.merges.values()].filter(merge => {
    if (place.missed.has(merge.iid)) return false;
    const has = merge.commits.some(({ id }) => id === sha);
    return has || merge.merged?.mergeCommit === sha || merge.merged?.squashCommit === sha;
  });
}
