import { Failure } from '../../failure/failure.ts';
import type { AdapterOptions } from '../create.ts';
import type { Account, Forge, PullRequest } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import { requireCommit } from '../http/commit.ts';
import { createPin } from '../http/pin.ts';
import { createRequester } from '../http/requester.ts';
import { apiRoot, graphqlAddress } from './address.ts';
import { announcer } from './announce.ts';
import { commitsOf } from './contributions.ts';
import { githubCredentials } from './credentials.ts';
import { checksOf, contributorsOf, foreignPull, mergedPull, retargetsOf, reviewsOf } from './evidence.ts';
import { storyOf } from './graphql.ts';
import { movedRepository } from './moved.ts';
import { movesOf, pushersTo } from './moves.ts';
import { ownsOn } from './owners.ts';
import { counted, eachPage } from './pages.ts';
import * as schema from './schema.ts';

function distinct(accounts: readonly Account[]): Account[] {
  return [...new Map(accounts.map(account => [account.id, account])).values()];
}

/**
 * GitHub, through its REST API with a token that may read contents, pull requests, checks, commit statuses and metadata.
 * Answers are asked for with their ETags, so that asking again costs little of the rate limit.
 */
export function createGithub(options: AdapterOptions): Forge {
  const { url, owner, name, token: _token, app: _app, ...rest } = options;
  const credentials = githubCredentials(options);
  const requester = createRequester({
    ...rest,
    root: apiRoot(url),
    headers: credentials.headers,
    secrets: credentials.secrets,
    onRefused: credentials.refused,
  });
  const repository = `/repos/${owner}/${name}`;
  const pin = createPin(`${owner}/${name}`);

  async function repositoryId(): Promise<string> {
    const answer = await requester.get(repository, [301, 307, 308]);
    if (answer.status !== 200) throw await movedRepository(requester, repository, answer);
    return pin(String(parseBody(schema.repository, answer.text, `GET ${repository}`, requester.clean).id));
  }

  async function checks(commit: string) {
    const runsAt = `${repository}/commits/${commit}/check-runs?filter=latest`;
    const statusAt = `${repository}/commits/${commit}/status`;
    const [runs, statuses] = await Promise.all([
      eachPage(requester, runsAt, schema.checkRuns),
      eachPage(requester, statusAt, schema.combinedStatus),
    ]);
    const allRuns = runs.flatMap(page => page.check_runs);
    const allStatuses = statuses.flatMap(page => page.statuses);
    return checksOf(
      counted(allRuns, runs[0]?.total_count, runsAt),
      counted(allStatuses, statuses[0]?.total_count, statusAt),
    );
  }

  async function evidenceOf(item: schema.SimplePull): Promise<PullRequest> {
    const path = `${repository}/pulls/${item.number}`;
    const { text } = await requester.get(path);
    const pull = parseBody(schema.pull, text, `GET ${path}`, requester.clean);
    const merged = mergedPull(pull);
    if (pull.merge_commit_sha !== item.merge_commit_sha || pull.base.repo.id !== item.base.repo.id) {
      throw new Failure('HF1405', `the forge tells two stories of pull request ${pull.number}`);
    }
    const [reviews, timeline, commits, allChecks, story] = await Promise.all([
      eachPage(requester, `${path}/reviews`, schema.review.array()),
      eachPage(requester, `${repository}/issues/${pull.number}/timeline`, schema.event.array()),
      commitsOf(requester, repository, pull),
      checks(pull.head.sha),
      storyOf(requester, graphqlAddress(requester.root), { owner, name, number: pull.number }),
    ]);
    if (
      story.head !== pull.head.sha ||
      story.mergeCommit !== pull.merge_commit_sha ||
      story.base !== pull.base.ref
    ) {
      throw new Failure('HF1405', `the forge tells two stories of pull request ${pull.number}`);
    }
    const { repo, ref } = pull.head;
    const shas = new Set([pull.head.sha, ...commits.map(({ sha }) => sha)]);
    const place = repo && { repository: repo.full_name, ref, commits: shas };
    const pushers = place === null ? [] : await pushersTo(requester, place);
    return {
      ...merged,
      reviews: reviewsOf(reviews.flat()),
      retargetedAt: retargetsOf(timeline.flat()),
      contributors: distinct([...contributorsOf(commits, timeline.flat()), ...story.authors, ...pushers]),
      ...(pushers.some(({ bot }) => bot) ? { botPushed: true } : {}),
      writers: story.writers,
      checks: allChecks,
    };
  }

  return {
    kind: 'github',
    tellsHow: true,
    get secrets() {
      return credentials.secrets();
    },
    repositoryId,

    /** The lookup also names open pull requests, which are left out, and merged ones of other repositories, which are kept. */
    async pullRequestsOf(commit) {
      requireCommit(commit);
      const own = await repositoryId();
      const path = `${repository}/commits/${commit}/pulls`;
      const unknown = new Failure('HF1406', 'the forge has no such commit', { where: { subject: commit } });
      const refused = { 404: unknown, 409: unknown, 422: unknown };
      const pages = await eachPage(requester, path, schema.simplePull.array(), refused);
      const merged = pages.flat().filter(pull => pull.merged_at !== null);
      return Promise.all(
        merged.map(pull => (String(pull.base.repo.id) === own ? evidenceOf(pull) : foreignPull(pull))),
      );
    },

    moves: (branch, since) => movesOf(requester, repository, branch, since),
    owns: (codeOwner, account) => ownsOn(requester, codeOwner, account),
    announce: announcer(requester, repository, credentials.asApp),

    async canWrite({ id, login }: Account) {
      const path = `${repository}/collaborators/${encodeURIComponent(login)}/permission`;
      const { status, text } = await requester.get(path, [404]);
      if (status === 404) {
        await repositoryId();
        return false;
      }
      const answer = parseBody(schema.permission, text, `GET ${path}`, requester.clean);
      // A login can be given up and taken by another account.
      const same = answer.user !== null && String(answer.user.id) === id;
      return same && ['write', 'admin'].includes(answer.permission);
    },
  };
}
