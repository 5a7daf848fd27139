import { createHash } from 'node:crypto';
import { chmodSync, createWriteStream, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../processes/run.ts';
import type { ToolName } from './catalogue.ts';
import type { Progress } from './progress.ts';
import type { Release } from './releases.ts';

/** How long a server may take to answer, and between two pieces of what it sends. */
export interface Patience {
  answerMs: number;
  pieceMs: number;
}

const patience: Patience = { answerMs: 3_000, pieceMs: 15_000 };

/**
 * Downloads a release, checks its digest and puts its tools into a folder. Whatever goes wrong costs seconds and one line
 * of progress, and nothing of it is kept: false then, and the tools are built. True when all its tools are there.
 */
export async function fetchRelease(
  release: Release,
  folder: string,
  progress: Progress,
  { answerMs, pieceMs }: Patience = patience,
): Promise<boolean> {
  const work = mkdtempSync(join(folder, '.download-'));
  const host = new URL(release.url).host;
  try {
    const archive = join(work, 'archive.tar.gz');
    const digest = await download(release, archive, { answerMs, pieceMs }, () =>
      progress(`downloading ${release.url}`),
    );
    if (digest !== release.digest.hex)
      throw new Error(`the archive has another ${release.digest.algorithm} than is pinned`);
    await unpack(release, archive, work);
    for (const [tool, member] of membersOf(release)) {
      const place = join(folder, tool);
      renameSync(join(work, member), place);
      chmodSync(place, 0o755);
    }
    return true;
  } catch (error) {
    progress(`no prebuilt ${release.set} from ${host} (${reasonOf(error)}); building it`);
    return false;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes what a URL has into a file, and returns its digest. */
async function download(
  release: Release,
  file: string,
  { answerMs, pieceMs }: Patience,
  onAnswer: () => void,
): Promise<string> {
  const control = new AbortController();
  let timer = setTimeout(() => control.abort(new Error(`no answer in ${answerMs / 1000} s`)), answerMs);
  const renew = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(new Error(`nothing more came for ${pieceMs / 1000} s`)), pieceMs);
  };
  try {
    const answer = await fetch(release.url, { signal: control.signal });
    if (!answer.ok || answer.body === null) throw new Error(`HTTP ${answer.status}`);
    onAnswer();
    const hash = createHash(release.digest.algorithm);
    const watched = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        renew();
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), watched, createWriteStream(file), {
      signal: control.signal,
    });
    return hash.digest('hex');
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(release: Release, archive: string, folder: string): Promise<void> {
  const members = membersOf(release).map(([, member]) => member);
  const { code, stderr } = await runCommand('tar', ['-xzf', archive, '-C', folder, ...members], {
    timeoutMs: 300_000,
  });
  if (code !== 0) throw new Error(`tar ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

function membersOf(release: Release): [ToolName, string][] {
  return Object.entries(release.members) as [ToolName, string][];
}

/** The innermost reason: `fetch failed` says nothing, its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
