/** GitHub's objects, written as its OpenAPI wants them; a test checks each against it. */
import { sha } from './names.ts';
import type {
  CheckRunState,
  CommitState,
  EventState,
  PullState,
  RepositoryState,
  ReviewState,
  StatusState,
  UserState,
} from './state.ts';

export type Objects = ReturnType<typeof createObjects>;

const nodeId = (kind: string, id: number) => Buffer.from(`${kind}${id}`).toString('base64');
const born = '2025-01-01T00:00:00Z';

const userLinks = [
  'followers',
  'following',
  'gists',
  'starred',
  'subscriptions',
  'orgs',
  'repos',
  'events',
  'received_events',
];
const repositoryLinks =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees';

/** @param api the root of the API, to which the objects link. */
export function createObjects(api: string) {
  const site = new URL(api).origin;
  const repositoryAt = ({ owner, name }: RepositoryState) => `${api}/repos/${owner.login}/${name}`;

  function user(state: UserState) {
    const url = `${api}/users/${encodeURIComponent(state.login)}`;
    const links = userLinks.map(link => [
      `${link === 'orgs' ? 'organizations' : link}_url`,
      `${url}/${link}`,
    ]);
    const { id, login, type } = state;
    const page = `${site}/${encodeURIComponent(login)}`;
    const own = {
      id,
      login,
      type,
      node_id: nodeId('User', id),
      url,
      html_url: page,
      avatar_url: `${page}.png`,
    };
    return { ...Object.fromEntries(links), ...own, gravatar_id: '', site_admin: false };
  }
  const maybeUser = (state: UserState | null) => (state === null ? null : user(state));

  function repository(state: RepositoryState): Record<string, unknown> {
    const url = repositoryAt(state);
    const fullName = `${state.owner.login}/${state.name}`;
    const links = repositoryLinks.split(' ').map(link => [`${link}_url`, `${url}/${link}`]);
    const html = `${site}/${fullName}`;
    return {
      ...Object.fromEntries(links),
      ...{ id: state.id, node_id: nodeId('Repository', state.id), name: state.name, full_name: fullName },
      ...{ owner: user(state.owner), private: true, fork: state.parent !== null, url, html_url: html },
      ...{
        git_url: `git://${fullName}`,
        clone_url: `${html}.git`,
        ssh_url: `git@${fullName}.git`,
        svn_url: html,
      },
      ...{ mirror_url: null, homepage: null, description: null, language: null, license: null },
      ...{
        default_branch: 'main',
        archived: false,
        disabled: false,
        size: 1,
        has_issues: true,
        has_projects: false,
      },
      ...{
        has_wiki: false,
        has_pages: false,
        has_discussions: false,
        has_downloads: true,
        forks: 0,
        forks_count: 0,
      },
      ...{ open_issues: 0, open_issues_count: 0, watchers: 0, watchers_count: 0, stargazers_count: 0 },
      ...{ network_count: 0, subscribers_count: 0, pushed_at: born, created_at: born, updated_at: born },
    };
  }

  const side = (place: { repository: RepositoryState | null; ref: string; sha: string }) => ({
    label: `${place.repository?.owner.login ?? 'unknown'}:${place.ref}`,
    ref: place.ref,
    sha: place.sha,
    repo: place.repository === null ? null : repository(place.repository),
    user: place.repository === null ? null : user(place.repository.owner),
  });

  /** An item of a list: no `merged`, no `merged_by`. An open one carries the commit of a trial merge. */
  function simplePull(state: PullState) {
    const root = repositoryAt(state.base.repository);
    const url = `${root}/pulls/${state.number}`;
    const issue = `${root}/issues/${state.number}`;
    const html = `${site}/${state.base.repository.owner.login}/${state.base.repository.name}/pull/${state.number}`;
    const links = {
      ...{ self: url, html, issue, comments: `${issue}/comments`, review_comments: `${url}/comments` },
      ...{ review_comment: `${root}/pulls/comments{/number}`, commits: `${url}/commits` },
      statuses: `${root}/statuses/${state.head.sha}`,
    };
    return {
      ...{
        id: state.id,
        node_id: nodeId('PullRequest', state.id),
        number: state.number,
        title: state.title,
        url,
      },
      ...{ html_url: html, issue_url: issue, diff_url: `${html}.diff`, patch_url: `${html}.patch` },
      ...{ comments_url: links.comments, commits_url: links.commits, statuses_url: links.statuses },
      ...{ review_comments_url: links.review_comments, review_comment_url: links.review_comment },
      _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
      ...{
        state: state.closed ? 'closed' : 'open',
        locked: false,
        user: user(state.author),
        body: state.body ?? null,
        labels: [],
      },
      ...{ assignee: null, milestone: null, auto_merge: null, author_association: 'CONTRIBUTOR' },
      ...{ created_at: state.createdAt, updated_at: state.merged?.at ?? state.createdAt },
      ...{ closed_at: state.merged?.at ?? null, merged_at: state.merged?.at ?? null },
      merge_commit_sha: state.merged?.commit ?? sha(`trial merge of ${state.head.sha}`),
      ...{ head: side(state.head), base: side(state.base) },
    };
  }

  return {
    user,
    repository,
    simplePull,

    pull: (state: PullState) => ({
      ...simplePull(state),
      ...{ merged: state.merged !== null, merged_by: maybeUser(state.merged?.by ?? null), mergeable: null },
      ...{ mergeable_state: 'unknown', maintainer_can_modify: false, comments: 0, review_comments: 0 },
      ...{ commits: state.commits.length, additions: 1, deletions: 0, changed_files: 1 },
    }),

    review(state: ReviewState, pull: PullState) {
      const { url, html_url: html } = simplePull(pull);
      const page = `${html}#pullrequestreview-${state.id}`;
      return {
        ...{
          id: state.id,
          node_id: nodeId('Review', state.id),
          user: maybeUser(state.by),
          body: '',
          html_url: page,
        },
        ...{
          state: state.state,
          commit_id: state.commit,
          author_association: 'MEMBER',
          pull_request_url: url,
        },
        ...(state.state === 'PENDING' ? {} : { submitted_at: state.at }),
        _links: { html: { href: page }, pull_request: { href: url } },
      };
    },

    event: (state: EventState, pull: PullState) => ({
      ...{ id: state.id, node_id: nodeId('Event', state.id), event: state.event, actor: user(state.by) },
      ...{ url: `${repositoryAt(pull.base.repository)}/issues/events/${state.id}`, created_at: state.at },
      ...{ commit_id: null, commit_url: null, performed_via_github_app: null },
    }),

    commit(state: CommitState, place: RepositoryState) {
      const url = `${repositoryAt(place)}/commits/${state.sha}`;
      const someone = { name: 'Someone', email: 'someone@example.com', date: '1970-01-01T00:00:00Z' };
      const verification = {
        verified: false,
        reason: 'unsigned',
        payload: null,
        signature: null,
        verified_at: null,
      };
      const tree = { sha: sha(`tree of ${state.sha}`), url };
      const commit = {
        author: someone,
        committer: someone,
        message: 'Change',
        comment_count: 0,
        url,
        tree,
        verification,
      };
      return {
        ...{
          sha: state.sha,
          node_id: `C_${state.sha}`,
          url,
          html_url: url,
          comments_url: `${url}/comments`,
          commit,
        },
        ...{ author: maybeUser(state.author), committer: maybeUser(state.committer), parents: [] },
      };
    },

    checkRun(state: CheckRunState, place: RepositoryState) {
      const url = `${repositoryAt(place)}/check-runs/${state.id}`;
      const output = { title: null, summary: null, text: null, annotations_count: 0, annotations_url: url };
      const app = state.app && {
        ...{
          id: state.app.id,
          slug: state.app.slug,
          name: state.app.slug,
          node_id: nodeId('App', state.app.id),
        },
        ...{
          owner: user(place.owner),
          description: null,
          external_url: site,
          html_url: site,
          permissions: {},
        },
        ...{ events: [], created_at: born, updated_at: born },
      };
      return {
        ...{
          id: state.id,
          node_id: nodeId('CheckRun', state.id),
          head_sha: state.sha,
          name: state.name,
          url,
        },
        ...{ html_url: url, details_url: null, external_id: null, status: state.status, app, output },
        ...{ conclusion: state.status === 'completed' ? state.conclusion : null, started_at: born },
        ...{ completed_at: state.status === 'completed' ? born : null, check_suite: null, pull_requests: [] },
      };
    },

    status: (state: StatusState, place: RepositoryState) => ({
      ...{ id: state.id, node_id: nodeId('Status', state.id), context: state.context, state: state.state },
      ...{
        description: state.description ?? null,
        target_url: null,
        avatar_url: null,
        created_at: born,
        updated_at: born,
      },
      url: `${repositoryAt(place)}/statuses/${state.sha}`,
    }),
  };
}
