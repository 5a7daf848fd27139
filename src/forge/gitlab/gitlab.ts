import { Failure } from '../../failure/failure.ts';
import { shortDescription, statusName } from '../announcements.ts';
import { coAuthorEmails, isOf } from '../co-authors.ts';
import type { AdapterOptions } from '../create.ts';
import type { Account, Forge, PullRequest } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import { requireCommit } from '../http/commit.ts';
import { fixedToken } from '../http/credentials.ts';
import { createPin } from '../http/pin.ts';
import { createRequester } from '../http/requester.ts';
import * as from from './evidence.ts';
import { accessLevel, ownsOn } from './owners.ts';
import { allPages } from './pages.ts';
import * as schema from './schema.ts';

/** Merged merge requests that are looked through for one that GitLab's lookup by commit does not find. */
const mostSearched = 100;
const developer = 30;

/**
 * GitLab, through version 4 of its REST API, with a token of a project or group that has the scope `api` (for statuses; else
 * `read_api`). The lookup by commit is loose and misses fast-forwards, so what is merged last is looked through as well.
 */
export function createGitlab({ url, owner, name, token, ...rest }: AdapterOptions): Forge {
  const credentials = fixedToken(token, own => ({
    'private-token': own,
    accept: 'application/json',
    'user-agent': 'holdfast',
  }));
  const requester = createRequester({
    ...rest,
    root: `${url}/api/v4`,
    headers: credentials.headers,
    secrets: credentials.secrets,
  });
  const fullPath = `${owner}/${name}`;
  const byName = `/projects/${encodeURIComponent(fullPath)}`;
  const pin = createPin(fullPath);
  const known = new Map<number, { bot: boolean; email: string | undefined }>();

  async function repositoryId(): Promise<string> {
    const { text } = await requester.get(byName);
    const found = parseBody(schema.project, text, `GET ${byName}`, requester.clean);
    if (found.path_with_namespace.toLowerCase() !== fullPath.toLowerCase()) {
      throw new Failure(
        'HF1403',
        `it was moved to ${requester.clean(found.path_with_namespace)} (id ${found.id})`,
      );
    }
    return pin(String(found.id));
  }

  async function project(): Promise<string> {
    return `/projects/${await repositoryId()}`;
  }

  /** What only an account's own page tells; asked once, as it does not change. */
  async function look(users: readonly (schema.User | null | undefined)[]): Promise<from.Bots> {
    const ids = users.flatMap(user => (user === null || user === undefined ? [] : [user.id]));
    for (const id of new Set(ids)) {
      if (known.has(id)) continue;
      const { status, text } = await requester.get(`/users/${id}`, [404]);
      if (status === 404) continue;
      const answer = parseBody(schema.person, text, `GET /users/${id}`, requester.clean);
      known.set(id, { bot: answer.bot === true, email: answer.public_email ?? undefined });
    }
    return new Set([...known].filter(([, { bot }]) => bot).map(([id]) => id));
  }

  /** GitLab's GraphQL links the commits of a merge request to accounts, which REST does not. */
  async function committersOf(iid: number, head: string): Promise<Account[]> {
    const query = `query ($path: ID!, $iid: String!) {
      project(fullPath: $path) {
        mergeRequest(iid: $iid) {
          diffHeadSha
          committers(first: 100) { nodes { id username } pageInfo { hasNextPage } }
        }
      }
    }`;
    const endpoint = `${url}/api/graphql`;
    const { text } = await requester.send('POST', endpoint, {
      query,
      variables: { path: fullPath, iid: String(iid) },
    });
    const { data } = parseBody(schema.committers, text, `POST ${endpoint}`, requester.clean);
    const found = data.project?.mergeRequest ?? null;
    if (found === null || (found.diffHeadSha !== null && found.diffHeadSha !== head)) {
      throw new Failure('HF1405', `the forge tells two stories of merge request ${iid}`);
    }
    if (found.committers.pageInfo.hasNextPage) {
      throw new Failure('HF1405', `merge request ${iid} has more committers than can be told`);
    }
    return found.committers.nodes.map(({ id, username }) => {
      return { id: /\d+$/.exec(id)?.[0] ?? '', login: username, bot: false };
    });
  }

  async function evidenceOf(iid: number): Promise<PullRequest> {
    const root = await project();
    const at = `${root}/merge_requests/${iid}`;
    const { text } = await requester.get(at);
    const merge = parseBody(schema.wholeMergeRequest, text, `GET ${at}`, requester.clean);
    const [approved, versions, reviewers, notes, commits, statuses, committers] = await Promise.all([
      requester.get(`${at}/approvals`),
      allPages(requester, `${at}/versions`, schema.version.array()),
      allPages(requester, `${at}/reviewers`, schema.reviewer.array()),
      allPages(requester, `${at}/notes?sort=asc&order_by=created_at`, schema.note.array()),
      allPages(requester, `${at}/commits`, schema.commit.array()),
      allPages(requester, `${root}/repository/commits/${merge.sha}/statuses`, schema.status.array()),
      committersOf(iid, merge.sha),
    ]);
    const { approved_by: approvedBy } = parseBody(
      schema.approvals,
      approved.text,
      `GET ${at}/approvals`,
      requester.clean,
    );
    const approvers = approvedBy.map(({ user }) => user);
    const bots = await look([merge.author, ...approvers, ...reviewers.map(({ user }) => user)]);
    const emails = coAuthorEmails(commits.map(({ message }) => message));
    const coAuthors = approvers.flatMap(user => {
      const account = from.accountOf(user, bots);
      const shown = known.get(user.id)?.email;
      return account !== null && emails.some(email => isOf(email, user.username, shown)) ? [account] : [];
    });
    const pushers = from.pushersOf(notes, bots);
    const contributors = [...committers, ...pushers, ...coAuthors];
    return {
      ...from.mergedPull(merge, bots),
      ...(pushers.some(({ bot }) => bot) ? { botPushed: true } : {}),
      reviews: from.reviewsOf({ approvedBy, reviewers, notes, versions }, bots),
      retargetedAt: from.retargetsOf(notes),
      contributors: [...new Map(contributors.map(account => [account.id, account])).values()],
      checks: from.checksOf(statuses),
    };
  }

  /** What the lookup misses: a fast-forward has no merge commit, and a second merge request of a commit is not named. */
  async function searched(root: string, commit: string): Promise<schema.MergeRequest[]> {
    const query = new URLSearchParams({ state: 'merged', order_by: 'updated_at', sort: 'desc' });
    const path = `${root}/merge_requests?${query}`;
    let seen = 0;
    const found = await allPages(requester, path, schema.mergeRequest.array(), page => {
      seen += page.length;
      return seen >= mostSearched || page.some(merge => from.mergeCommitOf(merge) === commit);
    });
    return found.filter(merge => from.mergeCommitOf(merge) === commit);
  }

  return {
    kind: 'gitlab',
    tellsHow: false,
    get secrets() {
      return credentials.secrets();
    },
    repositoryId,

    async pullRequestsOf(commit) {
      requireCommit(commit);
      const root = await project();
      const at = `${root}/repository/commits/${commit}`;
      const { status } = await requester.get(at, [404]);
      if (status === 404) {
        throw new Failure('HF1406', 'the forge has no such commit', { where: { subject: commit } });
      }
      const path = `${at}/merge_requests`;
      const related = await allPages(requester, path, schema.mergeRequest.array());
      const own = related.filter(merge => merge.state === 'merged');
      const here = (merge: schema.MergeRequest) => root === `/projects/${merge.target_project_id}`;
      const missed = own.some(here) ? [] : await searched(root, commit);
      const pulls = [...own, ...missed].filter(
        (merge, index, all) =>
          all.findIndex(other => other.iid === merge.iid && here(other) === here(merge)) === index,
      );
      return Promise.all(pulls.map(merge => (here(merge) ? evidenceOf(merge.iid) : foreign(merge))));
    },

    async canWrite(account: Account) {
      return (await accessLevel(requester, await project(), account)) >= developer;
    },

    async moves(branch, since) {
      const path = `${await project()}/events?action=pushed`;
      const reaches = (page: schema.Event[]) =>
        page.some(({ push_data: push }) => push?.commit_from === since || push?.commit_to === since);
      const events = await allPages(requester, path, schema.event.array(), reaches);
      return events.flatMap(event => from.moveOf(event, branch, new Set()));
    },

    async owns(codeOwner, account) {
      return ownsOn(requester, await project(), codeOwner, account);
    },

    async announce(announcement) {
      const { commit, state, description } = announcement;
      requireCommit(commit);
      const path = `${await project()}/statuses/${commit}`;
      const body = {
        state: state === 'pending' ? 'running' : state === 'failure' ? 'failed' : 'success',
        name: statusName(announcement),
        description: shortDescription(description),
      };
      const { status, text } = await requester.send('POST', path, body, [400]);
      // GitLab refuses to say the same again; then it is shown already
      if (status === 400 && !/Cannot transition status/i.test(text)) {
        throw new Failure('HF1405', 'the forge did not take the status', {
          where: { subject: `POST ${path}` },
        });
      }
    },
  };
}

/** A merge request into another project: evidence of where the commit comes from, which can authorize nothing. */
function foreign(merge: schema.MergeRequest): PullRequest {
  const none = { reviews: [], retargetedAt: [], contributors: [], checks: [] };
  return { ...from.mergedPull({ ...merge, diff_refs: null }, new Set()), ...none };
}
