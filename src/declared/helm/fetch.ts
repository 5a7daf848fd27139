import { hash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { ChartReference } from './options.ts';
import { pullChart, titleOf } from './pull.ts';

const fetching = new Map<string, Promise<Buffer>>();

/**
 * The packaged chart that a reference pins, from the cache or fetched by helm. What does not have the pinned digest is never
 * returned; without `fetch` only what is kept is. Throws HF1803 when it cannot be fetched, HF1804 when it is another one.
 */
export function fetchChart(
  reference: ChartReference,
  where: Source,
  fetch: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Buffer> {
  const key = JSON.stringify([reference, fetch]);
  const running = fetching.get(key);
  if (running !== undefined) return running;
  const started = (async () => {
    const folder = cacheFolder(environment);
    const kept = await readFile(join(folder, fileOf(reference))).catch(() => undefined);
    if (kept !== undefined && digestOf(kept) === reference.digest) return kept;
    if (!fetch) {
      const what = `${titleOf(reference)} is not kept here, and is not fetched for a revision that nobody authorized`;
      throw new Failure('HF1803', what, { where });
    }
    const fetched = await pullChart(reference, where, environment);
    const digest = digestOf(fetched);
    if (digest !== reference.digest) {
      const what = `${titleOf(reference)} has the digest ${digest}, and ${reference.digest} is pinned`;
      throw new Failure('HF1804', what, { where });
    }
    await keep(folder, fileOf(reference), fetched);
    return fetched;
  })().finally(() => fetching.delete(key));
  fetching.set(key, started);
  return started;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

function fileOf({ digest }: ChartReference): string {
  return `${digest.replace(':', '-')}.tgz`;
}

/** What is kept there is only ever used after its digest was checked, so anybody may clear or spoil it. */
function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const data = environment['HOLDFAST_DATA'];
  if (data !== undefined && data !== '') return join(data, 'charts');
  const cache = environment['XDG_CACHE_HOME'];
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'holdfast', 'charts');
}

/** That it cannot be kept is no reason not to use it. */
async function keep(folder: string, name: string, bytes: Buffer): Promise<void> {
  const partial = join(folder, `.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(partial, bytes, { flag: 'wx', mode: 0o600 });
    await rename(partial, join(folder, name));
  } catch {
    // fetched again the next time
  }
}
