import { randomBytes } from 'node:crypto';
import type http from 'node:http';

/** Who may: the scheme is what registries ask for, and what their clients must be able to answer. */
export interface Credentials {
  user: string;
  password: string;
  /** `bearer`: a token is had for the credentials first, as at the large registries. */
  scheme: 'basic' | 'bearer';
}

/** Judges the header `Authorization` of requests, and gives out tokens. */
export class Access {
  readonly #credentials: Credentials | undefined;
  readonly #tokens = new Set<string>();

  constructor(credentials?: Credentials) {
    this.#credentials = credentials;
  }

  allows({ authorization = '' }: http.IncomingHttpHeaders): boolean {
    if (this.#credentials === undefined) return true;
    if (this.#credentials.scheme === 'basic') return this.#isBasic(authorization);
    return this.#tokens.has(authorization.replace(/^Bearer /, ''));
  }

  /** `WWW-Authenticate` of a refusal. */
  challenge(url: string, repository: string): string {
    return this.#credentials?.scheme === 'bearer'
      ? `Bearer realm="${url}/token",service="fake",scope="repository:${repository}:pull,push"`
      : 'Basic realm="fake"';
  }

  /** A token for who proves who they are; undefined for all others. */
  token({ authorization = '' }: http.IncomingHttpHeaders): string | undefined {
    if (!this.#isBasic(authorization)) return undefined;
    const token = randomBytes(12).toString('hex');
    this.#tokens.add(token);
    return token;
  }

  #isBasic(authorization: string): boolean {
    const { user, password } = this.#credentials ?? { user: '', password: '' };
    return authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
}
