import { gunzipSync } from 'node:zlib';
import { Failure } from '../../failure/failure.ts';

/** What archives may unpack to, those in one another together. */
export interface ArchiveBudget {
  bytes: number;
}

const mostFiles = 10_000;

/** More than any chart has; archives that unpack to more are an attack. */
export function archiveBudget(): ArchiveBudget {
  return { bytes: 100 * 1024 * 1024 };
}

/**
 * The regular files of a packaged chart (gzipped tar), by their path in it. Links and what leads out of the archive are left
 * out. Undefined for what is no such archive: helm says then what is wrong with it. Throws HF1806 for what is too large.
 */
export function readArchive(bytes: Buffer, budget = archiveBudget()): Map<string, Buffer> | undefined {
  try {
    const tar = gunzipSync(bytes, { maxOutputLength: Math.max(budget.bytes, 1) });
    budget.bytes -= tar.length;
    return filesOf(tar);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new Failure('HF1806', 'its packaged charts unpack to more than 100 MiB');
  }
}

function filesOf(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length && files.size < mostFiles; ) {
    const header = tar.subarray(at, at + 512);
    if (header.every(byte => byte === 0)) break;
    const size = Number.parseInt(text(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    const body = tar.subarray(at + 512, at + 512 + size);
    const type = text(header, 156, 1);
    if (type === 'L') longName = text(body, 0, body.length);
    else if (type === 'x') longName = paxPath(body.toString('utf8')) ?? longName;
    else {
      const name = longName ?? nameOf(header);
      if ((type === '0' || type === '') && !name.split('/').includes('..') && !name.startsWith('/'))
        files.set(name.replace(/^\.\//, ''), body);
      longName = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function nameOf(header: Buffer): string {
  const [name, prefix] = [text(header, 0, 100), text(header, 345, 155)];
  return text(header, 257, 5) === 'ustar' && prefix !== '' ? `${prefix}/${name}` : name;
}

function paxPath(records: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(records)?.[1];
}

function text(bytes: Buffer, start: number, length: number): string {
  const part = bytes.subarray(start, start + length);
  const end = part.indexOf(0);
  return part.subarray(0, end === -1 ? part.length : end).toString('utf8');
}
