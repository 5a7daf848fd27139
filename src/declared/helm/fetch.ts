import { hash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import { runChild } from '../../render/child.ts';
import { createWorkspace } from '../../render/workspace.ts';
import { fetchEnvironment } from './environment.ts';
import type { ChartReference } from './options.ts';
import { findHelm } from './program.ts';

const limits = { timeMs: 60_000, outputBytes: 1024 * 1024, memoryBytes: 2 * 1024 ** 3 };
const largest = 64 * 1024 * 1024;
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
  const key = `${reference.digest} ${fetch}`;
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
    const fetched = await pull(reference, where, environment);
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

/** What helm says of a failed fetch may hold what an inner server answered: only the kind of trouble is told. */
async function pull(
  reference: ChartReference,
  where: Source,
  environment: NodeJS.ProcessEnv,
): Promise<Buffer> {
  const { repository, name, version } = reference;
  const program = await findHelm(environment);
  const workspace = await createWorkspace(new Map());
  try {
    const chart = repository.startsWith('oci://')
      ? [`${repository.replace(/\/$/, '')}/${name}`]
      : [name, '--repo', repository];
    const args = ['pull', ...chart, '--version', version, '-d', workspace.tree];
    const place = { folder: workspace.home, environment: fetchEnvironment(workspace, limits, environment) };
    const end = await runChild(program.path, args, place, limits);
    const [file] =
      end.exitCode === 0 ? (await readdir(workspace.tree)).filter(each => each.endsWith('.tgz')) : [];
    if (file === undefined)
      throw new Failure('HF1803', `${titleOf(reference)}: ${trouble(end.by, end.stderr)}`, { where });
    const path = join(workspace.tree, file);
    if ((await stat(path)).size > largest)
      throw new Failure('HF1803', `${titleOf(reference)} is larger than 64 MiB`, { where });
    return await readFile(path);
  } finally {
    await workspace.remove();
  }
}

function trouble(by: string, stderr: string): string {
  if (by === 'time') return 'nothing came within a minute';
  if (/not found|404|no chart (version|name)/i.test(stderr))
    return 'the repository has no such chart or version';
  if (/401|403|unauthorized|denied|forbidden/i.test(stderr)) return 'the repository refuses access';
  if (/x509|certificate|tls/i.test(stderr)) return 'the certificate of the repository is not trusted';
  return 'the repository cannot be reached';
}

function titleOf({ repository, name, version }: ChartReference): string {
  return `the chart ${name} ${version} of ${repository.slice(0, 200)}`;
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
