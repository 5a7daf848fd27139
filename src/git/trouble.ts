import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';

/** How a git command ended when it did not succeed. `stderr` is as git wrote it, under LC_ALL=C. */
export interface GitTrouble {
  /** Null when it was stopped because it took too long. */
  exitCode: number | null;
  stderr: string;
}

/** What git says, by the code that it means; the first that fits. */
const meanings: readonly [RegExp, FailureCode][] = [
  [/couldn't find remote ref/i, 'HF1204'],
  [/authentication failed|could not read (?:username|password)|access denied|permission denied/i, 'HF1202'],
  [/returned error: 40[137]|invalid (?:username|credentials)|terminal prompts disabled/i, 'HF1202'],
  [
    /repository .{0,2000} ?not found|returned error: (?:404|410)|does not appear to be a git repository/i,
    'HF1203',
  ],
  [/repository .{0,2000} does not exist/i, 'HF1203'],
  [
    /unable to access|could not resolve|failed to connect|connection (?:refused|reset|timed out|closed)/i,
    'HF1201',
  ],
  [/network is unreachable|early eof|rpc failed|hung up|host key verification failed|ssh: /i, 'HF1201'],
  [
    /unknown revision|bad revision|not a valid (?:object|commit) name|needed a single revision|bad object/i,
    'HF1206',
  ],
];

const corruption =
  /object file .* is empty|loose object .* is corrupt|unable to (?:read|find|parse|unpack)|packfile|inflate|object corrupt|hash mismatch|missing (?:blob|tree|commit)|not a git repository|bad config|bad (?:tree|index)|broken ref|garbage|invalid object/i;

/** Whether the store itself seems damaged, so that making it anew may help. Being asked for what is not there is no damage. */
export function looksCorrupt(trouble: GitTrouble): boolean {
  return corruption.test(trouble.stderr);
}

/** HF1207 where nothing more precise is known. */
export function codeOf(trouble: GitTrouble): FailureCode {
  if (trouble.exitCode === null) return 'HF1201';
  return meanings.find(([pattern]) => pattern.test(trouble.stderr))?.[1] ?? 'HF1207';
}

/** A Failure in git's own words, on one line, without addresses' user parts and without the secrets. */
export function gitFailure(
  doing: string,
  trouble: GitTrouble,
  options: { secrets?: readonly string[]; subject?: string; code?: FailureCode } = {},
): Failure {
  const said =
    trouble.exitCode === null ? 'it took too long' : scrub(essence(trouble.stderr), options.secrets ?? []);
  const where = options.subject === undefined ? {} : { subject: options.subject };
  return new Failure(options.code ?? codeOf(trouble), `${doing}: ${said}`, { where });
}

/** What git complains of first, and what the remote had to say to it. */
function essence(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map(line => line.trim());
  const redirect = /returned error: 30[1278]/.exec(stderr);
  if (redirect !== null) return 'the remote redirects; set the address that it redirects to';
  if (/terminal prompts disabled/i.test(stderr))
    return 'the remote asks for credentials, and does not accept those given';
  const fatal = lines
    .find(line => /^(?:fatal|error): /.test(line))
    // the address is told by whoever asked
    ?.replace(/^(?:fatal|error): (?:unable to access '[^']*': )?/, '');
  const remote = lines.find(line => /^remote: \S/.test(line));
  return (
    [fatal ?? lines.find(line => line !== '') ?? 'git gave no reason', remote].filter(Boolean).join(' (') +
    (remote ? ')' : '')
  );
}

/** Text of git that may be shown: short, printable, without secrets. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/(\w+:\/\/)[^/@\s]*@/g, '$1');
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***');
  clean = clean.replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}
