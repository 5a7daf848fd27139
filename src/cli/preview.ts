import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { clusterFreezes } from '../converge/freeze/freezes.ts';
import { type Holds, holdsNow } from '../converge/freeze/holds-now.ts';
import { clusterInventories } from '../converge/inventory/inventories.ts';
import type { Declaration } from '../declared/declaration.ts';
import { openDrivers } from '../drivers/open.ts';
import { Failure } from '../failure/failure.ts';
import { type LocalRepository, openLocal } from '../git/local.ts';
import { askDaemon } from '../preview/daemon/ask.ts';
import { type PreviewFormat, previewFiles, renderPreview } from '../preview/files.ts';
import { driversLive, type LiveSource } from '../preview/live.ts';
import { type Preview, previewExitCode } from '../preview/model.ts';
import { previewOfMerge } from '../preview/of-merge.ts';
import { wantsColour } from '../report/terminal.ts';
import { chosenUnits } from './declared.ts';

export interface PreviewOptions {
  kubeconfig?: string;
  context?: string;
  /** Where Holdfast keeps its freezes. */
  namespace: string;
  base: string;
  head: string;
  unit: string[];
  environment?: string;
  live: 'cluster' | 'daemon' | 'none';
  why: string;
  daemon?: string;
  tokenFile?: string;
  ref?: string;
  out?: string;
  output: PreviewFormat;
}

/** `holdfast preview`: what merging would change; resolves to the exit code. Reads and dry-runs only, writes but its own files. */
export async function preview(path: string, options: PreviewOptions): Promise<number> {
  const repository = await openLocal(resolve(path));
  const [base, head] = await Promise.all([
    repository.resolve(options.base),
    repository.resolve(options.head),
  ]);
  const found = await previewHere(repository, base, head, options);
  if (options.out !== undefined) await writeFiles(options.out, found);
  const text = renderPreview(found, options.output, { colour: wantsColour(process.stdout, process.env) });
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  return previewExitCode(found);
}

async function previewHere(
  repository: LocalRepository,
  base: string,
  head: string,
  options: PreviewOptions,
): Promise<Preview> {
  if (options.live === 'daemon') return previewByDaemon(base, head, options);
  const connected: { opened?: Promise<Connection> } = {};
  const connection = () => {
    connected.opened ??= Connection.open(options);
    return connected.opened;
  };
  try {
    return await previewOfMerge({
      store: repository,
      base,
      head,
      name: repository.name,
      environment: options.environment,
      only: (before, after) => onlyUnits(before, after, options.unit),
      live: (before, after) => liveOf(options, [...before.units, ...after.units], connection),
      holds: options.live === 'none' ? undefined : () => holdsOf(connection, options.namespace),
      now: () => new Date(),
    });
  } finally {
    await connected.opened?.then(
      opened => opened.close(),
      () => undefined,
    );
  }
}

async function holdsOf(connection: () => Promise<Connection>, namespace: string): Promise<Holds> {
  return holdsNow(clusterFreezes(new Cluster(await connection()), namespace));
}

/** The daemon compares for its own environment, with its own eyes; nothing of the cluster is needed here. */
async function previewByDaemon(base: string, head: string, options: PreviewOptions): Promise<Preview> {
  if (options.daemon === undefined) throw new Failure('HF1001', '--live daemon needs --daemon, its address');
  const token =
    options.tokenFile === undefined
      ? process.env['HOLDFAST_PREVIEW_TOKEN']
      : (await readFile(options.tokenFile, 'utf8')).trim();
  if (token === undefined || token === '')
    throw new Failure(
      'HF1001',
      '--live daemon needs --token-file or HOLDFAST_PREVIEW_TOKEN: the job’s OIDC token',
    );
  const { environment, unit } = options;
  const found = await askDaemon(options.daemon, token, { base, head, ref: options.ref });
  if (environment !== undefined && environment !== found.environment)
    throw new Failure(
      'HF2203',
      `the daemon serves ${found.environment ?? 'no environment'}, not ${environment}`,
    );
  if (unit.length === 0) return found;
  const chosen = (each: { unit: string }) => unit.includes(each.unit);
  return {
    ...found,
    units: found.units.filter(({ name }) => unit.includes(name)),
    resources: found.resources.filter(chosen),
    failures: found.failures.filter(chosen),
  };
}

async function liveOf(
  options: PreviewOptions,
  units: Declaration['units'],
  connection: () => Promise<Connection>,
): Promise<LiveSource | { reason: string }> {
  if (options.live === 'none') return { reason: options.why };
  const names = units.map(unit => unit.definition.driver);
  const inventories = async () => clusterInventories(new Cluster(await connection()), options.namespace);
  return driversLive(await openDrivers(names, { connection }), async unit =>
    (await inventories()).load(unit),
  );
}

/** Both sides with only the units named; a name that neither side declares is HF1006. */
function onlyUnits(
  base: Declaration,
  head: Declaration,
  names: readonly string[],
): [Declaration, Declaration] {
  if (names.length === 0) return [base, head];
  const known = new Map([...base.units, ...head.units].map(unit => [unit.definition.name, unit]));
  chosenUnits({ ...head, units: [...known.values()] }, names);
  const only = (side: Declaration): Declaration => ({
    ...side,
    units: side.units.filter(unit => names.includes(unit.definition.name)),
  });
  return [only(base), only(head)];
}

async function writeFiles(folder: string, found: Preview): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of previewFiles(found, process.env['HOLDFAST_PREVIEW_LINK']))
    await writeFile(join(folder, name), text);
}
