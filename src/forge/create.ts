import type { Logger } from 'pino';
import { Failure } from '../failure/failure.ts';
import type { Forge } from './forge.ts';
import { createGitea } from './gitea/gitea.ts';
import { createGithub } from './github/github.ts';

export interface ForgeOptions {
  kind: Forge['kind'];
  /** The address that people open, e.g. `https://github.com`; the API's place is derived from it. */
  url: string;
  /** `owner/name`. */
  repository: string;
  token: string;
  log?: Pick<Logger, 'debug'>;
  /** For one request, in milliseconds; 10 s by default. */
  timeoutMs?: number;
  now?: () => Date;
}

/** What an adapter gets: the options with the name taken apart. */
export interface AdapterOptions extends Omit<ForgeOptions, 'kind' | 'repository'> {
  owner: string;
  name: string;
}

/**
 * The configured forge. Asks nothing yet: a forge that is down at start is met at the first question. Options that cannot
 * work are a Failure HF1001 that shows no token, also not one that stands in the URL.
 */
export function createForge(options: ForgeOptions): Forge {
  const { kind, repository, token, ...rest } = options;
  const [, owner, name] = /^([\w.-]{1,100})\/([\w.-]{1,100})$/.exec(repository) ?? [];
  if (owner === undefined || name === undefined || [owner, name].some(part => /^\.+$/.test(part))) {
    throw new Failure('HF1001', 'the forge’s repository must be given as owner/name');
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Failure('HF1001', 'the forge’s token is empty or has characters that no token has');
  }
  const adapter = { ...rest, url: checkedUrl(options.url), owner, name, token };
  return kind === 'gitea' ? createGitea(adapter) : createGithub(adapter);
}

/** Without a trailing slash. */
function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new Failure('HF1001', 'the forge’s URL must start with https:// or http://');
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new Failure('HF1001', 'the forge’s URL must hold no credentials, query or fragment');
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}
