import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { CiTokenOptions } from '../../web/access/ci-token.ts';
import { type ClaimRule, claimRules } from '../../web/access/claims.ts';

const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

/** The variables of the page and of the previews for CI; a part of the daemon's environment. */
export const pageVariables = {
  HOLDFAST_PAGE_URL: address.optional(),
  HOLDFAST_PAGE_ISSUER: address.optional(),
  HOLDFAST_PAGE_CLIENT_ID: z.string().min(1).optional(),
  HOLDFAST_PAGE_CLIENT_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  HOLDFAST_PAGE_ALLOW: z.string().min(1).optional(),
  HOLDFAST_PAGE_PROXY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .optional(),
  HOLDFAST_PAGE_PROXY_FROM: z.string().min(1).optional(),
  HOLDFAST_PREVIEW_ISSUER: address.optional(),
  HOLDFAST_PREVIEW_AUDIENCE: z.string().min(1).default('holdfast'),
  HOLDFAST_PREVIEW_ALLOW: z.string().min(1).optional(),
};

type Variables = z.output<z.ZodObject<typeof pageVariables>>;

/** Who may look at the page. */
export type PageConfiguration =
  | { by: 'loopback' }
  | { by: 'proxy'; header: string; from: string[] }
  | { by: 'oidc'; issuer: string; clientId: string; clientSecret: string; url: string; allow: ClaimRule[] };

/** Loopback only, unless a proxy or an issuer is named. Throws HF1001 for half a configuration. */
export function pageOf(env: Variables): PageConfiguration {
  const { HOLDFAST_PAGE_ISSUER: issuer, HOLDFAST_PAGE_PROXY_HEADER: header } = env;
  if (issuer !== undefined && header !== undefined)
    throw new Failure('HF1001', 'HOLDFAST_PAGE_ISSUER and HOLDFAST_PAGE_PROXY_HEADER exclude each other');
  if (header !== undefined) {
    const from = required(env, 'HOLDFAST_PAGE_PROXY_FROM', 'HOLDFAST_PAGE_PROXY_HEADER');
    return { by: 'proxy', header, from: from.split(',').map(each => each.trim()) };
  }
  if (issuer === undefined) return { by: 'loopback' };
  const of = (name: keyof Variables) => required(env, name, 'HOLDFAST_PAGE_ISSUER');
  return {
    by: 'oidc',
    issuer,
    clientId: of('HOLDFAST_PAGE_CLIENT_ID'),
    clientSecret: of('HOLDFAST_PAGE_CLIENT_SECRET'),
    url: of('HOLDFAST_PAGE_URL'),
    allow: claimRules(of('HOLDFAST_PAGE_ALLOW'), 'HOLDFAST_PAGE_ALLOW'),
  };
}

/** How CI jobs prove themselves; undefined where no previews are made for them. */
export function previewsOf(env: Variables): CiTokenOptions | undefined {
  const { HOLDFAST_PREVIEW_ISSUER: issuer, HOLDFAST_PREVIEW_AUDIENCE: audience } = env;
  if (issuer === undefined) return undefined;
  const allow = required(env, 'HOLDFAST_PREVIEW_ALLOW', 'HOLDFAST_PREVIEW_ISSUER');
  return { issuer, audience, claims: claimRules(allow, 'HOLDFAST_PREVIEW_ALLOW') };
}

function required(env: Variables, name: keyof Variables, because: string): string {
  const value = env[name];
  if (value === undefined) throw new Failure('HF1001', `${because} is set, but ${name} is not`);
  return value;
}
