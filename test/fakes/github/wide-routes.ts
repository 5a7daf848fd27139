import { createVerify } from 'node:crypto';
import { z } from 'zod';
import type { Objects } from './objects.ts';
import type { Reply, Rule } from './routes.ts';
import type { Method } from './schema.ts';
import type { Universe } from './state.ts';

/** An operation that is not about one repository. */
export interface WideRoute {
  rule: Rule;
  operation: string;
  method?: Method;
  pattern: RegExp;
  reply(args: readonly string[]): Reply;
}

const notFound: Reply = { status: 404, body: { message: 'Not Found', status: '404' } };
const born = '2025-01-01T00:00:00Z';

export function wideRoutes(universe: Universe, objects: Objects, api: string): WideRoute[] {
  const members = (org: string, slug: string) => universe.teams.get(`${org}/${slug}`.toLowerCase());
  return [
    {
      rule: 'team',
      operation: '/orgs/{org}/teams/{team_slug}',
      pattern: /^\/orgs\/([^/]+)\/teams\/([^/]+)$/,
      reply: ([org = '', slug = '']) =>
        members(org, slug) === undefined ? notFound : { status: 200, body: team(org, slug) },
    },
    {
      rule: 'membership',
      operation: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
      pattern: /^\/orgs\/([^/]+)\/teams\/([^/]+)\/memberships\/([^/]+)$/,
      reply: ([org = '', slug = '', login = '']) => {
        if (members(org, slug)?.has(login) !== true) return notFound;
        const url = `${api}/orgs/${org}/teams/${slug}/memberships/${login}`;
        return { status: 200, body: { url, role: 'member', state: 'active' } };
      },
    },
    {
      rule: 'user',
      operation: '/users/{username}',
      pattern: /^\/users\/([^/]+)$/,
      reply: ([login = '']) => {
        const user = universe.users.get(login);
        if (user === undefined) return notFound;
        const blank = { bio: null, blog: null, company: null, hireable: null, location: null, name: null };
        const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0 };
        const times = { created_at: born, updated_at: born };
        return {
          status: 200,
          body: { ...objects.user(user), ...blank, ...counts, ...times, email: user.email ?? null },
        };
      },
    },
    {
      rule: 'access-token',
      method: 'post',
      operation: '/app/installations/{installation_id}/access_tokens',
      pattern: /^\/app\/installations\/(\d+)\/access_tokens$/,
      reply: ([id = '']) => {
        const { app } = universe;
        if (app === undefined || String(app.installation) !== id) return notFound;
        app.issued += 1;
        const token = `ghs_of_the_fake_${app.issued}`;
        const expires = new Date(app.now().getTime() + 3_600_000);
        app.tokens.set(token, expires.getTime());
        return { status: 201, body: { token, expires_at: expires.toISOString(), permissions: {} } };
      },
    },
  ];

  function team(org: string, slug: string) {
    const url = `${api}/organizations/1/team/1`;
    const links = { url, html_url: url, members_url: `${url}/members`, repositories_url: `${url}/repos` };
    const account = `${api}/orgs/${org}`;
    const organization = {
      ...{ login: org, id: 1, node_id: 'O_1', url: account, repos_url: account, events_url: account },
      ...{ hooks_url: account, issues_url: account, members_url: account, public_members_url: account },
      ...{ avatar_url: account, description: null, html_url: account, has_organization_projects: true },
      ...{ has_repository_projects: true, public_repos: 0, public_gists: 0, followers: 0, following: 0 },
      ...{ type: 'Organization', created_at: born, updated_at: born, archived_at: null },
    };
    return {
      ...{ id: 1, node_id: 'T_1', name: slug, slug, description: null, permission: 'push', ...links },
      ...{
        type: 'organization',
        created_at: born,
        updated_at: born,
        members_count: 1,
        repos_count: 1,
        organization,
      },
    };
  }
}

const claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

/** What is wrong with the JWT of an App, as the service says it; undefined for a good one. */
export function jwtMistake(universe: Universe, token: string): string | undefined {
  const { app } = universe;
  const [head = '', body = '', signature = ''] = token.split('.');
  if (app === undefined || signature === '') return 'A JSON web token could not be decoded';
  const signed = createVerify('RSA-SHA256').update(`${head}.${body}`);
  if (!signed.verify(app.publicKey, signature, 'base64url')) return 'A JSON web token could not be decoded';
  const { iss, iat, exp } = claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  const now = app.now().getTime() / 1000;
  if (String(iss) !== String(app.id)) return 'Integration not found';
  if (iat > now) return "'Issued at' claim ('iat') must be an Integer representing a time in the past";
  if (exp <= now || exp > now + 600) return "'Expiration time' claim ('exp') is too far in the future";
  return undefined;
}
