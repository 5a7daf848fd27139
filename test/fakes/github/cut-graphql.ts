/**
 * Cuts what the fake answers out of GitHub's published GraphQL schema:
 *
 *     node test/fakes/github/cut-graphql.ts schema.graphql > test/fakes/github/schema.graphql
 *
 * The input is `schema.graphql` of the npm package `@octokit/graphql-schema`. Descriptions and directives are left out, and all
 * fields but those named here; types and nullability of what stays are unchanged.
 */
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, isEnumType, isInterfaceType, isObjectType } from 'graphql';

const wanted: Record<string, readonly string[]> = {
  Query: ['repository'],
  Repository: ['pullRequest', 'databaseId'],
  PullRequest: ['headRefOid', 'baseRefName', 'mergeCommit', 'latestOpinionatedReviews', 'commits', 'number'],
  PullRequestReviewConnection: ['nodes', 'totalCount'],
  PullRequestReview: ['state', 'author'],
  PullRequestReviewState: [],
  Actor: ['login'],
  User: ['databaseId', 'login'],
  Bot: ['databaseId', 'login'],
  PullRequestCommitConnection: ['totalCount', 'pageInfo', 'nodes'],
  PageInfo: ['hasNextPage', 'endCursor'],
  PullRequestCommit: ['commit'],
  Commit: ['oid', 'authors'],
  GitActorConnection: ['totalCount', 'nodes'],
  GitActor: ['user'],
};

function cut(schema: GraphQLSchema): string {
  const parts = ['scalar GitObjectID'];
  for (const [name, fields] of Object.entries(wanted)) {
    const type = schema.getType(name);
    if (isEnumType(type)) {
      parts.push(
        `enum ${name} { ${type
          .getValues()
          .map(value => value.name)
          .join(' ')} }`,
      );
      continue;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`the schema has no type ${name}`);
    const lines = fields.map(field => {
      const found = type.getFields()[field];
      if (found === undefined) throw new Error(`the schema has no ${name}.${field}`);
      const known = found.args.filter(({ type: of }) => !/Order/.test(String(of)));
      const args = known.map(arg => `${arg.name}: ${arg.type}`);
      return `  ${field}${args.length === 0 ? '' : `(${args.join(', ')})`}: ${found.type}`;
    });
    const kind = isInterfaceType(type) ? 'interface' : 'type';
    const actor = name === 'User' || name === 'Bot' ? ' implements Actor' : '';
    parts.push(`${kind} ${name}${actor} {\n${lines.join('\n')}\n}`);
  }
  return `# From the npm package @octokit/graphql-schema (MIT, Copyright (c) Octokit contributors), cut by cut-graphql.ts.\n${parts.join('\n')}\n`;
}

const [, , file = ''] = process.argv;
process.stdout.write(
  cut(buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, assumeValidSDL: true })),
);
