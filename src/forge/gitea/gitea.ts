import { Failure } from '../../failure/failure.ts';
import { shortDescription, statusName } from '../announcements.ts';
import type { AdapterOptions } from '../create.ts';
import type { Account, Forge, PullRequest } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import { requireCommit } from '../http/commit.ts';
import { createPin } from '../http/pin.ts';
import { createRequester } from '../http/requester.ts';
import { checksOf, contributorsOf, mergedPull, retargetsOf, reviewsOf } from './evidence.ts';
import { withReviewedHead } from './head.ts';
import { movesOf } from './moves.ts';
import { ownsOn } from './owners.ts';
import { allPages } from './pages.ts';
import { pushesTo } from './pushes.ts';
import * as schema from './schema.ts';

/**
 * Gitea (measured on 1.26). Its token must belong to an administrator of the repository, else Gitea does not say who may
 * write.
 */
export function createGitea({ url, owner, name, token, ...rest }: AdapterOptions): Forge {
  const requester = createRequester({
    ...rest,
    root: `${url}/api/v1`,
    headers: { authorization: `token ${token}`, accept: 'application/json', 'user-agent': 'holdfast' },
    secrets: [token],
  });
  const repository = `/repos/${owner}/${name}`;
  const pin = createPin(`${owner}/${name}`);

  async function repositoryId(): Promise<string> {
    const { text } = await requester.get(repository);
    return pin(String(parseBody(schema.repository, text, `GET ${repository}`, requester.clean).id));
  }

  /** Tells "no pull request" from "no such commit" and "no such repository", which all are a 404 of the lookup. */
  async function requireKnown(commit: string): Promise<void> {
    await repositoryId();
    const path = `${repository}/git/commits/${commit}?stat=false&verification=false&files=false`;
    const { status } = await requester.get(path, [404]);
    if (status === 404)
      throw new Failure('HF1406', 'the forge has no such commit', { where: { subject: commit } });
  }

  async function evidenceOf(answered: schema.Pull): Promise<PullRequest> {
    const pull = await withReviewedHead(requester, repository, answered);
    const pulls = `${repository}/pulls/${pull.number}`;
    const timeline = `${repository}/issues/${pull.number}/timeline`;
    const merged = mergedPull(pull);
    const [reviews, answer, commits, checks] = await Promise.all([
      allPages(requester, `${pulls}/reviews`, schema.reviews, true),
      // Without a page number Gitea gives the timeline whole. Its pages hide items without counting them, so that a
      // change of the base could be hidden behind a page of references from private repositories.
      requester.get(timeline),
      allPages(requester, `${pulls}/commits?verification=false&files=false`, schema.commits, false),
      allPages(requester, `${repository}/commits/${pull.head.sha}/status`, schema.statuses, false),
    ]);
    const events = parseBody(schema.timeline, answer.text, `GET ${timeline}`, requester.clean);
    return {
      ...merged,
      reviews: reviewsOf(reviews),
      retargetedAt: retargetsOf(events),
      contributors: contributorsOf(
        commits,
        reviews.map(review => review.user),
      ),
      pushes: await pushesTo(requester, pull, events),
      checks: checksOf(checks),
    };
  }

  return {
    kind: 'gitea',
    tellsHow: false,
    secrets: [token],
    repositoryId,

    /** Gitea knows the last commit of a merge only: the others of a rebase answer []. */
    async pullRequestsOf(commit) {
      requireCommit(commit);
      const path = `${repository}/commits/${commit}/pull`;
      const { status, text } = await requester.get(path, [404]);
      if (status === 404) {
        await requireKnown(commit);
        return [];
      }
      const pull = parseBody(schema.pull, text, `GET ${path}`, requester.clean);
      if (pull.merge_commit_sha !== commit) {
        throw new Failure('HF1405', `the forge named a pull request of another commit (${pull.number})`);
      }
      return [await evidenceOf(pull)];
    },

    moves: (branch, since) => movesOf(requester, repository, branch, since),
    owns: (codeOwner, account) => ownsOn(requester, codeOwner, account),

    async announce(announcement) {
      const { commit, state, description } = announcement;
      requireCommit(commit);
      const context = statusName(announcement);
      const body = { state, context, description: shortDescription(description) };
      await requester.send('POST', `${repository}/statuses/${commit}`, body);
    },

    async canWrite({ id, login }: Account) {
      const path = `${repository}/collaborators/${encodeURIComponent(login)}/permission`;
      const { status, text } = await requester.get(path, [404]);
      if (status === 404) {
        await repositoryId();
        return false;
      }
      const answer = parseBody(schema.permission, text, `GET ${path}`, requester.clean);
      // A login can be given up and taken by another account.
      return String(answer.user.id) === id && ['write', 'admin', 'owner'].includes(answer.permission);
    },
  };
}
