import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { type ClaimRule, fits } from './claims.ts';

export interface CiTokenOptions {
  /** Such as `https://token.actions.githubusercontent.com`. */
  issuer: string;
  audience: string;
  /** All must hold: which repository, and what else is asked for. */
  claims: readonly ClaimRule[];
}

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/**
 * Checks the OIDC token by which a CI job proves what it is: signature by the issuer's published keys, issuer, audience, times, and
 * the claims that the installation names. Resolves to the subject. Throws HF2204, whose words hold nothing of the token.
 */
export function ciTokens({ issuer, audience, claims }: CiTokenOptions): (token: string) => Promise<string> {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keySet = async (): Promise<JWTVerifyGetKey> => {
    const { createRemoteJWKSet } = await import('jose');
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
    const found = discoverySchema.parse(await response.json());
    if (found.issuer !== issuer) throw new Failure('HF2204', 'the issuer calls itself by another name');
    return createRemoteJWKSet(new URL(found.jwks_uri));
  };
  return async token => {
    const { jwtVerify } = await import('jose');
    keys ??= keySet().catch(error => {
      keys = undefined;
      throw error;
    });
    const checked = await keys
      .then(key =>
        jwtVerify(token, key, {
          issuer,
          audience,
          algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'],
          requiredClaims: ['exp', 'iat'],
          clockTolerance: 30,
        }),
      )
      .catch(error => {
        const what =
          error instanceof Error && 'code' in error ? String(error.code) : 'the issuer cannot be asked';
        throw new Failure('HF2204', `the token is not accepted (${what})`);
      });
    const missing = claims.find(rule => !fits(rule, checked.payload));
    if (missing !== undefined)
      throw new Failure('HF2204', `the token’s claim ${missing.claim} is not as it must be`);
    return String(checked.payload.sub ?? '').slice(0, 200);
  };
}
