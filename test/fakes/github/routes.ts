import type { Objects } from './objects.ts';
import { permissionOf } from './permissions.ts';
import { pullsRoutes } from './pulls-routes.ts';
import type { Method } from './schema.ts';
import { showRoutes } from './show-routes.ts';
import type { Permission, PullState, RepositoryState, Universe } from './state.ts';
import { trailRoutes } from './trail-routes.ts';

/** The operations that the fake answers; faults and call counts name them so. */
export type Rule =
  | 'repository'
  | 'lookup'
  | 'check-runs'
  | 'status'
  | 'compare'
  | 'pull'
  | 'reviews'
  | 'commits'
  | 'timeline'
  | 'permission'
  | 'pulls'
  | 'open'
  | 'activity'
  | 'rule-suites'
  | 'create-status'
  | 'create-check-run'
  | 'update-check-run'
  | 'deployments'
  | 'create-deployment'
  | 'create-deployment-status'
  | 'graphql'
  | 'team'
  | 'membership'
  | 'user'
  | 'access-token';

/** What an operation gives: one object, or a list that is cut into pages (in `wrap`, if the list stands in an object). */
export type Reply =
  | { status: number; body: unknown }
  | { status: 200; list: unknown[]; wrap?: (page: unknown[], total: number) => unknown };

export interface Route {
  rule: Rule;
  /** Its path in the published OpenAPI. */
  operation: string;
  /** The path below the repository. */
  pattern: RegExp;
  reply(place: RepositoryState, argument: string, asked: Asked): Reply;
  /** GET unless told. */
  method?: Method;
}

/** The query, and the body of a request that writes. */
export interface Asked {
  query: URLSearchParams;
  body: unknown;
  /** Whether an App asks, by a token of its installation. */
  asApp: boolean;
}

/** GitHub lists no more commits of a pull request. */
const mostCommits = 250;
const notFound: Reply = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
};

export function createRoutes(universe: Universe, objects: Objects): Route[] {
  const ofPull = (place: RepositoryState, number: string, reply: (pull: PullState) => Reply): Reply => {
    const pull = place.pulls.get(Number(number));
    return pull === undefined ? notFound : reply(pull);
  };
  const list = (items: unknown[], wrap?: (page: unknown[], total: number) => unknown): Reply =>
    wrap === undefined ? { status: 200, list: items } : { status: 200, list: items, wrap };
  const commitObjects = (pull: PullState, place: RepositoryState) =>
    pull.commits.map(each => objects.commit(each, place));

  return [
    ...pullsRoutes(universe, objects),
    ...showRoutes(universe, objects),
    ...trailRoutes(objects),
    {
      rule: 'repository',
      operation: '/repos/{owner}/{repo}',
      pattern: /^$/,
      reply: place => ({ status: 200, body: objects.repository(place) }),
    },
    {
      rule: 'lookup',
      operation: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
      pattern: /^\/commits\/([^/]+)\/pulls$/,
      reply(place, commit) {
        if (!place.commits.has(commit)) {
          return { status: 422, body: { message: `No commit found for SHA: ${commit}`, status: '422' } };
        }
        return list(pullsOf(place, commit).map(objects.simplePull));
      },
    },
    {
      rule: 'check-runs',
      operation: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
      pattern: /^\/commits\/([^/]+)\/check-runs$/,
      reply(place, commit) {
        const runs = place.checkRuns.filter(run => run.sha === commit);
        return list(
          runs.map(run => objects.checkRun(run, place)),
          (page, total) => ({ total_count: total, check_runs: page }),
        );
      },
    },
    {
      rule: 'status',
      operation: '/repos/{owner}/{repo}/commits/{ref}/status',
      pattern: /^\/commits\/([^/]+)\/status$/,
      reply(place, commit) {
        // The combined status has the latest of each context.
        const latest = new Map(
          place.statuses.filter(each => each.sha === commit).map(each => [each.context, each]),
        );
        const { url } = objects.repository(place);
        const bad = [...latest.values()].some(each => each.state === 'failure' || each.state === 'error');
        const state = bad
          ? 'failure'
          : latest.size > 0 && [...latest.values()].every(each => each.state === 'success')
            ? 'success'
            : 'pending';
        const links = { url: `${url}/commits/${commit}/status`, commit_url: `${url}/commits/${commit}` };
        return list(
          [...latest.values()].map(each => objects.status(each, place)),
          (page, total) => ({
            state,
            sha: commit,
            total_count: total,
            statuses: page,
            repository: objects.repository(place),
            ...links,
          }),
        );
      },
    },
    {
      rule: 'compare',
      operation: '/repos/{owner}/{repo}/compare/{basehead}',
      pattern: /^\/compare\/([^/]+)$/,
      reply(place, basehead) {
        const [base = '', head = ''] = basehead.split('...');
        const pull = [...place.pulls.values()].find(each => each.head.sha === head && each.base.sha === base);
        if (pull === undefined) return notFound;
        const baseCommit = objects.commit({ sha: base, author: null, committer: null }, place);
        const url = `${objects.repository(place)['url']}/compare/${basehead}`;
        return list(commitObjects(pull, place), (page, total) => ({
          ...{
            url,
            html_url: url,
            permalink_url: url,
            diff_url: url,
            patch_url: url,
            files: [],
            commits: page,
          },
          ...{
            base_commit: baseCommit,
            merge_base_commit: baseCommit,
            status: 'ahead',
            ahead_by: total,
            behind_by: 0,
          },
          total_commits: total,
        }));
      },
    },
    {
      rule: 'pull',
      operation: '/repos/{owner}/{repo}/pulls/{pull_number}',
      pattern: /^\/pulls\/(\d+)$/,
      reply: (place, number) => ofPull(place, number, pull => ({ status: 200, body: objects.pull(pull) })),
    },
    {
      rule: 'reviews',
      operation: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
      pattern: /^\/pulls\/(\d+)\/reviews$/,
      reply: (place, number) =>
        ofPull(place, number, pull => list(pull.reviews.map(review => objects.review(review, pull)))),
    },
    {
      rule: 'commits',
      operation: '/repos/{owner}/{repo}/pulls/{pull_number}/commits',
      pattern: /^\/pulls\/(\d+)\/commits$/,
      reply: (place, number) =>
        ofPull(place, number, pull => list(commitObjects(pull, place).slice(0, mostCommits))),
    },
    {
      rule: 'timeline',
      operation: '/repos/{owner}/{repo}/issues/{issue_number}/timeline',
      pattern: /^\/issues\/(\d+)\/timeline$/,
      reply: (place, number) =>
        ofPull(place, number, pull => list(pull.events.map(event => objects.event(event, pull)))),
    },
    {
      rule: 'permission',
      operation: '/repos/{owner}/{repo}/collaborators/{username}/permission',
      pattern: /^\/collaborators\/([^/]+)\/permission$/,
      reply(place, login) {
        const user = universe.users.get(login);
        if (user === undefined)
          return { status: 404, body: { message: `${login} is not a user`, status: '404' } };
        const role = permissionOf(place, user);
        const person = { ...objects.user(user), role_name: role };
        return { status: 200, body: { permission: legacy[role], role_name: role, user: person } };
      },
    },
  ];
}

/** The older names of permissions: what `permission` says beside the exact `role_name`. */
const legacy = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
} as const satisfies Record<Permission, string>;

/**
 * Merged pull requests that introduced the commit; for one that nothing merged, the open ones that have it. A fork also
 * tells of the pull requests of its parent, as the service does.
 */
function pullsOf(place: RepositoryState, commit: string): PullState[] {
  const pulls = [...place.pulls.values(), ...(place.parent?.pulls.values() ?? [])];
  const merged = pulls.filter(pull => pull.merged?.introduces.includes(commit));
  if (merged.length > 0) return merged;
  return pulls.filter(pull => !pull.closed && pull.commits.some(each => each.sha === commit));
}
