import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, graphqlSync } from 'graphql';
import { z } from 'zod';
import { permissionOf } from './permissions.ts';
import type { CommitState, PullState, RepositoryState, ReviewState, Universe } from './state.ts';

const schema: GraphQLSchema = buildSchema(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));
const asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).optional() });
const mostListed = 250;

/** Answers a question by GitHub's published schema: one that does not fit it is answered with errors, as the service does. */
export function answerGraphql(universe: Universe, text: string): unknown {
  const { query, variables = {} } = asked.parse(JSON.parse(text));
  const result = graphqlSync({
    schema,
    source: query,
    variableValues: variables,
    rootValue: { repository: (named: { owner: string; name: string }) => repository(universe, named) },
  });
  const { data, errors } = result;
  if (errors === undefined) return { data };
  return { data, errors: errors.map(({ message }) => ({ message })) };
}

function repository(universe: Universe, { owner, name }: { owner: string; name: string }) {
  const place = [...universe.repositories.values()].find(
    each => each.owner.login === owner && each.name === name,
  );
  if (place === undefined) return null;
  return {
    databaseId: place.id,
    pullRequest({ number }: { number: number }) {
      const pull = place.pulls.get(number);
      return pull === undefined ? null : pullRequest(place, pull);
    },
  };
}

interface Page {
  first?: number;
  after?: string | null;
}

function pullRequest(place: RepositoryState, pull: PullState) {
  return {
    number: pull.number,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
    mergeCommit: pull.merged === null ? null : { oid: pull.merged.commit },
    latestOpinionatedReviews({ writersOnly = false }: { writersOnly?: boolean }) {
      const kept = opinions(pull.reviews).filter(
        ({ by }) => !writersOnly || ['admin', 'maintain', 'write'].includes(permissionOf(place, by)),
      );
      const nodes = kept.map(({ state, by }) => ({
        state,
        author:
          by === null
            ? null
            : { __typename: by.type === 'User' ? 'User' : 'Bot', databaseId: by.id, login: by.login },
      }));
      return { nodes, totalCount: nodes.length };
    },
    commits({ first = 100, after }: Page) {
      const all = pull.commits.slice(0, mostListed);
      const start = Number(after ?? 0);
      const end = Math.min(start + first, all.length);
      return {
        totalCount: pull.commits.length,
        pageInfo: { hasNextPage: end < all.length, endCursor: String(end) },
        nodes: all.slice(start, end).map(each => ({ commit: commit(each) })),
      };
    },
  };
}

function commit({ sha, author, coAuthors = [] }: CommitState) {
  const users = [author, ...coAuthors].map(user => ({
    user: user === null || user.type !== 'User' ? null : { databaseId: user.id, login: user.login },
  }));
  return { oid: sha, authors: { totalCount: users.length, nodes: users } };
}

/** The last review of each account that approves, rejects or was dismissed. */
function opinions(reviews: readonly ReviewState[]): ReviewState[] {
  const last = new Map<unknown, ReviewState>();
  for (const review of reviews) {
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') last.set(review.by, review);
  }
  return [...last.values()];
}
