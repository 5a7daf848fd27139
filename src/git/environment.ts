import { delimiter } from 'node:path';

/** Configuration that is given to git by environment: never in a file, never among the arguments. */
export type GitConfig = readonly (readonly [key: string, value: string])[];

const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

/** Protects what is fetched and runs nothing that a repository could name. */
const careful: GitConfig = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['transfer.fsckObjects', 'true'],
  // Old mistakes of old tools that harm nobody and that no one can put right any more.
  ['fetch.fsck.zeroPaddedFilemode', 'ignore'],
  ['fetch.fsck.missingSpaceBeforeDate', 'ignore'],
  ['fetch.fsck.missingSpaceBeforeEmail', 'ignore'],
  ['fetch.fsck.badTimezone', 'ignore'],
  // A token is for one address; where it redirects to is for a person to decide.
  ['http.followRedirects', 'false'],
  // A helper process whose git was stopped ends by itself within this time.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '20'],
  // Nothing that was fetched is ever thrown away, and no process is left behind.
  ['gc.pruneExpire', 'never'],
  ['gc.autoDetach', 'false'],
  ['maintenance.autoDetach', 'false'],
];

/**
 * The whole environment of a git process. `own` leaves the person's own configuration out (the mirror); a checkout keeps
 * it, since `safe.directory` is there. Transports that run commands (`ext::`) are off in either case.
 */
export function gitEnvironment(
  config: GitConfig,
  options: { directory?: string; own: boolean },
  inherited: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: ['/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  };
  for (const name of passedOn) {
    const value = inherited[name];
    if (value !== undefined) environment[name] = value;
  }
  if (options.own) Object.assign(environment, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });
  if (options.directory !== undefined) environment['GIT_DIR'] = options.directory;
  const all = [...careful, ...config];
  for (const [index, [key, value]] of all.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(all.length),
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=20',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}
