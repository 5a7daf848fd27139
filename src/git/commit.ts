import type { Commit } from './repository.ts';

/** Reads a raw commit object: nothing in anybody's configuration (mail maps, encodings, signatures) can change what it says. */
export function readCommit(sha: string, bytes: Buffer): Commit {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end === -1 ? text : text.slice(0, end)).split('\n');
  const values = (name: string) =>
    headers.filter(line => line.startsWith(`${name} `)).map(line => line.slice(name.length + 1));
  const committedAt = timeOf(values('committer')[0]);
  return {
    sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    message: end === -1 ? '' : text.slice(end + 2),
    ...(committedAt !== undefined && { committedAt }),
  };
}

/** `Name <mail> 1763700000 +0100`; anybody may have written anything there. */
function timeOf(committer = ''): string | undefined {
  const seconds = / (\d{1,11}) [-+]\d{4}$/.exec(committer)?.[1];
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000).toISOString();
}
