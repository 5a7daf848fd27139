import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { WritingRequester } from '../http/requester.ts';
import { ghost } from './evidence.ts';

/**
 * What REST does not say of a pull request, in one question: who co-authored its commits (GitHub links trailers to accounts
 * here only), and which of those whose opinion stands may write, so that they need not be asked for one by one.
 */
const question = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      baseRefName
      mergeCommit { oid }
      latestOpinionatedReviews(first: 100, writersOnly: true) {
        nodes { state author { __typename ... on User { databaseId login } } }
      }
      commits(first: 100, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { commit { oid authors(first: 100) { totalCount nodes { user { databaseId login } } } } }
      }
    }
  }
}`;

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const user = z.object({ databaseId: z.int().positive(), login: z.string().min(1) });
const author = z.union([
  user.extend({ __typename: z.literal('User') }),
  z.object({ __typename: z.string() }),
]);
const pullRequest = z.object({
  headRefOid: sha,
  baseRefName: z.string(),
  mergeCommit: z.object({ oid: sha }).nullable(),
  latestOpinionatedReviews: z
    .object({ nodes: z.array(z.object({ state: z.string(), author: author.nullable() }).nullable()) })
    .nullable(),
  commits: z.object({
    totalCount: z.int(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(
      z.object({
        commit: z.object({
          oid: sha,
          authors: z.object({
            totalCount: z.int(),
            nodes: z.array(z.object({ user: user.nullable() }).nullable()),
          }),
        }),
      }),
    ),
  }),
});
const answer = z.object({
  data: z.object({ repository: z.object({ pullRequest: pullRequest.nullable() }).nullable() }).nullish(),
  errors: z.array(z.object({ message: z.string(), type: z.string().optional() })).optional(),
});

export interface Story {
  head: string;
  base: string;
  mergeCommit: string | null;
  writers: string[];
  authors: Account[];
}

/** GitHub lists no more commits of a pull request than this, whatever is asked. */
const mostListed = 250;

/** Asks page by page. What GitHub answers with errors is a Failure HF1402 or HF1405: a part of an answer is none. */
export async function storyOf(
  requester: WritingRequester,
  endpoint: string,
  place: { owner: string; name: string; number: number },
): Promise<Story> {
  const authors: Account[] = [];
  let after: string | null = null;
  let seen = 0;
  for (;;) {
    const pull: z.output<typeof pullRequest> = await ask(requester, endpoint, { ...place, after });
    const { nodes, pageInfo, totalCount } = pull.commits;
    for (const { commit } of nodes) authors.push(...accountsOf(commit));
    seen += nodes.length;
    if (pageInfo.hasNextPage && pageInfo.endCursor !== null && pageInfo.endCursor !== after) {
      after = pageInfo.endCursor;
      continue;
    }
    if (seen < Math.min(totalCount, mostListed)) {
      throw new Failure('HF1405', `the forge counts ${totalCount} commits but gave ${seen}`);
    }
    return {
      head: pull.headRefOid,
      base: pull.baseRefName,
      mergeCommit: pull.mergeCommit?.oid ?? null,
      writers: writersOf(pull),
      authors,
    };
  }
}

async function ask(requester: WritingRequester, endpoint: string, variables: object) {
  const { text } = await requester.send('POST', endpoint, { query: question, variables });
  const { data, errors = [] } = parseBody(answer, text, `POST ${endpoint}`, requester.clean);
  const [first] = errors;
  if (first !== undefined) {
    const code = first.type === 'FORBIDDEN' || first.type === 'NOT_FOUND' ? 'HF1402' : 'HF1405';
    throw new Failure(code, `the forge answered with an error: ${requester.clean(first.message)}`);
  }
  const pull = data?.repository?.pullRequest;
  if (pull === undefined || pull === null) throw new Failure('HF1405', 'the forge has no such pull request');
  return pull;
}

type CommitStory = z.output<typeof pullRequest>['commits']['nodes'][number]['commit'];

function accountsOf({ oid, authors }: CommitStory): Account[] {
  if (authors.nodes.length < authors.totalCount) {
    throw new Failure('HF1405', `the forge does not name all authors of ${oid.slice(0, 12)}`);
  }
  return authors.nodes.flatMap(node => {
    const known = node?.user ?? null;
    if (known === null || known.databaseId === ghost) return [];
    return [{ id: String(known.databaseId), login: known.login, bot: false }];
  });
}

function writersOf({ latestOpinionatedReviews: reviews }: z.output<typeof pullRequest>): string[] {
  return (reviews?.nodes ?? []).flatMap(review => {
    const by = review?.author ?? null;
    return by !== null && 'databaseId' in by ? [String(by.databaseId)] : [];
  });
}
