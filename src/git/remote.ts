import { Failure } from '../failure/failure.ts';
import type { GitConfig } from './environment.ts';

/** Where to fetch from, with all secrets taken out of the address. */
export interface Remote {
  /** Without user and password; may be shown and stored. */
  url: string;
  branch: string;
  /** Carries the credentials to git by environment. */
  config: GitConfig;
  /** Text that must never leave the process. */
  secrets: string[];
}

const scpLike = /^(?:[\w.-]+@)?[\w.-]+:(?!\/\/)[^:].*$/;

/**
 * Checks an address and a branch, and takes the credentials out. A token is sent as the password of HTTP Basic, which
 * Gitea, GitHub and GitLab all take. Throws HF1001 for an address of another kind, without repeating it: it may hold a secret.
 */
export function remoteOf(options: { url: string; branch: string; token?: string | undefined }): Remote {
  const { url, branch, token } = options;
  if (!isBranchName(branch)) throw new Failure('HF1001', 'the branch has a name that Git does not allow');
  const plain = (secrets: string[]): Remote => ({ url, branch, config: [], secrets });
  const secrets = token === undefined || token === '' ? [] : [token];
  if (url.includes('::') || url.startsWith('-') || /[\0-\x20\x7f]/.test(url)) throw notAnAddress();
  if (url.startsWith('/') || url.startsWith('./') || url.startsWith('../')) return plain(secrets);
  if (!url.includes('://')) {
    if (scpLike.test(url)) return plain(secrets);
    throw notAnAddress();
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return overHttp(parsed, branch, token);
  if (parsed?.protocol === 'file:') return plain(secrets);
  if (parsed?.protocol === 'ssh:' && parsed.password === '') return plain(secrets);
  throw notAnAddress();
}

function overHttp(parsed: URL, branch: string, token: string | undefined): Remote {
  const user = decodeURIComponent(parsed.username);
  const password = token || decodeURIComponent(parsed.password);
  parsed.username = '';
  parsed.password = '';
  const url = parsed.href;
  if (password === '' && user === '') return { url, branch, config: [], secrets: [] };
  // An address with only a user is how some forges write a token.
  const pair = password === '' ? `${user}:` : `${user || 'x-access-token'}:${password}`;
  const encoded = Buffer.from(pair).toString('base64');
  const config: GitConfig = [[`http.${parsed.origin}/.extraHeader`, `Authorization: Basic ${encoded}`]];
  return { url, branch, config, secrets: [password || user, encoded] };
}

function notAnAddress(): Failure {
  return new Failure('HF1001', 'the Git URL must be https, http, ssh, file or a path');
}

/** The rules of `git check-ref-format --branch`. */
function isBranchName(name: string): boolean {
  if (name === '' || name.length > 200 || name === '@' || /^[-/.]|[/.]$|\.lock(?:\/|$)/.test(name))
    return false;
  return !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\./.test(name);
}
