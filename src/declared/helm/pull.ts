import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import { type ChildEnd, runChild } from '../../programs/child.ts';
import { createWorkspace, type Workspace } from '../../programs/workspace.ts';
import { fetchEnvironment } from './environment.ts';
import type { ChartReference } from './options.ts';
import { findHelm, type HelmProgram } from './program.ts';
import { credentialsFile, repositoryEntry } from './repository-access.ts';

const limits = { timeMs: 60_000, outputBytes: 1024 * 1024, memoryBytes: 2 * 1024 ** 3 };
const largest = 64 * 1024 * 1024;

/**
 * The packaged chart that a repository gives for a reference, whatever its digest. What helm says of a failure may hold what an
 * inner server answered, or credentials: only the kind of trouble is told. Throws HF1803.
 */
export async function pullChart(
  reference: ChartReference,
  where: Source,
  environment: NodeJS.ProcessEnv,
): Promise<Buffer> {
  const program = await findHelm(environment);
  const workspace = await createWorkspace(new Map());
  try {
    for (const args of await commands(reference, program, workspace, environment)) {
      const place = { folder: workspace.home, environment: await access(workspace, environment) };
      const end = await runChild(program.path, args, place, limits);
      if (end.by !== 'itself' || end.exitCode !== 0)
        throw new Failure('HF1803', `${titleOf(reference)}: ${troubleOf(end, reference)}`, { where });
    }
    const [file] = (await readdir(workspace.tree)).filter(each => each.endsWith('.tgz'));
    if (file === undefined)
      throw new Failure('HF1803', `${titleOf(reference)}: helm fetched no packaged chart`, { where });
    const path = join(workspace.tree, file);
    if ((await stat(path)).size > largest)
      throw new Failure('HF1803', `${titleOf(reference)} is larger than 64 MiB`, { where });
    return await readFile(path);
  } finally {
    await workspace.remove();
  }
}

async function access(workspace: Workspace, environment: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const registry = await credentialsFile('HOLDFAST_HELM_REGISTRY_CONFIG', environment);
  return {
    ...fetchEnvironment(workspace, limits, environment),
    ...(registry !== undefined && { HELM_REGISTRY_CONFIG: registry }),
  };
}

/** The runs of helm that fetch it, one after the other. Credentials are in files alone: everybody sees arguments. */
async function commands(
  { repository, name, version, plainHttp = false }: ChartReference,
  { major }: HelmProgram,
  workspace: Workspace,
  environment: NodeJS.ProcessEnv,
): Promise<string[][]> {
  const rest = ['--version', version, '-d', workspace.tree];
  if (repository.startsWith('oci://')) {
    const plain = plainHttp ? ['--plain-http'] : [];
    return [['pull', `${repository.replace(/\/+$/, '')}/${name}`, ...rest, ...plain]];
  }
  const known = await repositoryEntry(repository, workspace, environment);
  if (known === undefined) return [['pull', name, '--repo', repository, ...rest]];
  const config = ['--repository-config', known.file];
  return [
    // Helm 4 always says so by its exit code, and has no such flag
    ['repo', 'update', known.name, ...config, ...(major === 3 ? ['--fail-on-repo-update-fail'] : [])],
    ['pull', `${known.name}/${name}`, ...rest, ...config],
  ];
}

const troubles: readonly [RegExp, string][] = [
  [/server gave HTTP response to HTTPS client/i, 'it speaks plain HTTP, which `plainHttp: true` would allow'],
  [/\b(401|403)\b|unauthorized|denied|forbidden|credential/i, 'the repository refuses access'],
  [/x509|certificate|\btls\b/i, 'the certificate of the repository is not trusted'],
  [/\b404\b|not found|no chart (version|name)/i, 'the repository has no such chart or version'],
  [/\b(429|5\d\d)\b/, 'the repository answers with an error'],
  [/digest|mismatch|size/i, 'what the repository gives is not what it says it is'],
];

/** Why helm could not fetch a chart, in words of our own. */
export function troubleOf(
  { by, stderr, stdout }: Pick<ChildEnd, 'by' | 'stderr' | 'stdout'>,
  { repository, name, version }: ChartReference,
): string {
  if (by === 'time') return 'nothing came within a minute';
  if (by === 'memory') return 'what the repository gives is larger than may be';
  // a name or an address may hold any of the words and numbers that are looked for
  const place = repository.replace(/^\w+:\/\//, '').replace(/\/+$/, '');
  const [host = ''] = place.split('/');
  const own = [place, host, host.replace(/:\d+$/, ''), name, version];
  // of a list of repositories it tells on standard output what went wrong with each
  const said = `${stderr}\n${stdout.toString('utf8')}`.replace(/[0-9a-f]{64}/g, ' ');
  const words = own.reduce((text, each) => text.replaceAll(each, ' '), said);
  const known = troubles.find(([pattern]) => pattern.test(words));
  return known?.[1] ?? 'the repository cannot be reached';
}

export function titleOf({ repository, name, version }: ChartReference): string {
  return `the chart ${name} ${version} of ${repository.slice(0, 200)}`;
}
