/**
 * Cuts the operations that the fake answers out of GitHub's published OpenAPI, with the schemas that they need:
 *
 *     node test/fakes/github/cut-openapi.ts api.github.com.json > test/fakes/github/openapi.json
 *
 * The input is `generated/api.github.com.json` of the npm package `@octokit/openapi`. Prose and examples are left out
 * (GitHub's own examples contradict its schemas); nothing that validates is changed.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const operations = [
  'post /repos/{owner}/{repo}/pulls',
  'post /repos/{owner}/{repo}/statuses/{sha}',
  'post /repos/{owner}/{repo}/deployments',
  'post /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
  'post /repos/{owner}/{repo}/check-runs',
  'patch /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'get /repos/{owner}/{repo}/deployments',
  'get /repos/{owner}/{repo}/activity',
  'get /repos/{owner}/{repo}/rulesets/rule-suites',
  'get /repos/{owner}/{repo}/installation',
  'post /app/installations/{installation_id}/access_tokens',
  'get /orgs/{org}/teams/{team_slug}',
  'get /orgs/{org}/teams/{team_slug}/memberships/{username}',
  'get /users/{username}',
  'get /repos/{owner}/{repo}/pulls',
  'get /repos/{owner}/{repo}',
  'get /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
  'get /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'get /repos/{owner}/{repo}/commits/{ref}/status',
  'get /repos/{owner}/{repo}/compare/{basehead}',
  'get /repos/{owner}/{repo}/pulls/{pull_number}',
  'get /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'get /repos/{owner}/{repo}/pulls/{pull_number}/commits',
  'get /repos/{owner}/{repo}/issues/{issue_number}/timeline',
  'get /repos/{owner}/{repo}/collaborators/{username}/permission',
];
const prose = new Set(['description', 'example', 'examples', 'title', 'summary', 'externalDocs']);

const json = z.record(z.string(), z.unknown());
const specification = z.object({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), json),
});

/** A copy without prose; what stands under `properties` is a name, not a keyword, and stays. */
function lean(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map(item => lean(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => names || !(prose.has(key) || key.startsWith('x-')))
      .map(([key, item]) => [key, lean(item, key === 'properties' && !names)]),
  );
}

function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(
    match => match[1] ?? '',
  );
}

function cut(input: unknown): unknown {
  const source = specification.parse(input);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ');
    const { operationId, parameters, requestBody, responses } = json.parse(
      source.paths[path]?.[method] ?? {},
    );
    if (operationId === undefined) throw new Error(`the specification has no ${operation}`);
    const published = {
      operationId,
      parameters,
      ...(requestBody === undefined ? {} : { requestBody }),
      responses,
    };
    paths[path] = { ...paths[path], [method]: lean(published) };
  }
  const components: Record<string, Record<string, unknown>> = {};
  const wanted = references(paths);
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    const [section = '', name = ''] = next.split('/');
    const kept = components[section] ?? {};
    components[section] = kept;
    if (section === 'examples' || kept[name] !== undefined) continue;
    kept[name] = lean(source.components[section]?.[name]);
    wanted.push(...references(kept[name]));
  }
  const origin = `npm package @octokit/openapi ${source.info.version}, generated/api.github.com.json`;
  const xSource = { origin, licence: 'MIT, Copyright (c) 2020 Octokit contributors', by: 'cut-openapi.ts' };
  return {
    openapi: source.openapi,
    info: { title: 'GitHub', version: source.info.version },
    'x-source': xSource,
    paths,
    components,
  };
}

const [, , file = ''] = process.argv;
process.stdout.write(`${JSON.stringify(cut(JSON.parse(readFileSync(file, 'utf8'))))}\n`);
