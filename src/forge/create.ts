import type { Logger } from 'pino';
import { Failure } from '../failure/failure.ts';
import type { Forge } from './forge.ts';
import { createGitea } from './gitea/gitea.ts';
import type { AppKey } from './github/app.ts';
import { createGithub } from './github/github.ts';
import { createGitlab } from './gitlab/gitlab.ts';

export interface ForgeOptions {
  kind: Forge['kind'];
  /** The address that people open, e.g. `https://github.com`; the API's place is derived from it. */
  url: string;
  /** `owner/name`; at GitLab the owner may be a group in groups. */
  repository: string;
  /** Empty where an App asks. */
  token: string;
  /** A GitHub App, instead of a token. */
  app?: AppKey | undefined;
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
  return adapters[options.kind](adapterOptions(options));
}

const adapters = { gitea: createGitea, github: createGithub, gitlab: createGitlab };

/** The options as an adapter gets them, once they are checked. Throws HF1001. */
export function adapterOptions(options: ForgeOptions): AdapterOptions {
  const { kind, repository, token, app, ...rest } = options;
  const [, owner, name] =
    /^([\w.-]{1,100}(?:\/[\w.-]{1,100}){0,20})\/([\w.-]{1,100})$/.exec(repository) ?? [];
  const parts = repository.split('/');
  const deep = parts.length > 2 && kind !== 'gitlab';
  if (owner === undefined || name === undefined || deep || parts.some(part => /^\.+$/.test(part))) {
    throw new Failure('HF1001', 'the forge’s repository must be given as owner/name');
  }
  if (app !== undefined && kind !== 'github') throw new Failure('HF1001', 'only GitHub has Apps');
  if (app === undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new Failure('HF1001', 'the forge’s token is empty or has characters that no token has');
  }
  return { ...rest, url: checkedUrl(options.url), owner, name, token, app };
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
