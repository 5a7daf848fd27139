import { spawn } from 'node:child_process';
import type { Git } from './git.ts';
import { GitExit } from './git.ts';

export interface GitObject {
  type: string;
  bytes: Buffer;
}

/**
 * Reads objects by their ids (40 hex digits) through one `git cat-file --batch`, however many there are; those that the
 * store does not have are left out. Throws a GitExit.
 */
export async function readObjects(
  git: Git,
  ids: readonly string[],
  timeoutMs = 120_000,
): Promise<Map<string, GitObject>> {
  const found = new Map<string, GitObject>();
  if (ids.length === 0) return found;
  const child = spawn('git', ['cat-file', '--batch'], {
    cwd: git.folder,
    env: git.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', error => reject(new GitExit(-1, error.message)));
    child.on('close', code => resolve(code));
  });
  ended.catch(() => undefined);
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  // A child that ends early closes its input; its exit tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${[...new Set(ids)].join('\n')}\n`);
  const reader = new BatchReader((id, object) => found.set(id, object));
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) reader.add(chunk);
    const code = await ended;
    const stderr = Buffer.concat(complaints).toString('utf8');
    // A damaged object is called missing too, but then git says so.
    if (code !== 0 || !reader.done || /^(?:error|fatal): /m.test(stderr))
      throw new GitExit(code, stderr || 'cat-file ended in the middle of an object');
    return found;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** Takes the answers of `cat-file --batch` apart: `<id> <type> <size>`, the bytes, a line break; or `<id> missing`. */
class BatchReader {
  readonly #found: (id: string, object: GitObject) => void;
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = 0;

  constructor(found: (id: string, object: GitObject) => void) {
    this.#found = found;
  }

  /** Whether nothing is left over. */
  get done(): boolean {
    return this.#length === 0;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (let next = this.#object(rest); next !== undefined; next = this.#object(rest)) rest = next;
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }

  /** Reads one answer and returns what follows; undefined when it is not all there yet. */
  #object(bytes: Buffer): Buffer | undefined {
    this.#wanted = 0;
    const newline = bytes.indexOf(10);
    if (newline === -1) return undefined;
    const [id = '', type = '', size] = bytes.toString('utf8', 0, newline).split(' ');
    if (size === undefined) return bytes.subarray(newline + 1);
    const end = newline + 1 + Number(size);
    this.#wanted = end + 1;
    if (bytes.length <= end) return undefined;
    this.#found(id, { type, bytes: Buffer.from(bytes.subarray(newline + 1, end)) });
    this.#wanted = 0;
    return bytes.subarray(end + 1);
  }
}
