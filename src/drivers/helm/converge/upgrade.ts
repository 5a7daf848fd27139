import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../../cluster/connection.ts';
import { helmEnvironment } from '../../../declared/helm/environment.ts';
import { findHelm, type HelmProgram } from '../../../declared/helm/program.ts';
import type { DeclaredRelease } from '../../../declared/helm/release.ts';
import { withoutSecrets } from '../../../declared/helm/secret-values.ts';
import { Failure } from '../../../failure/failure.ts';
import { type ChildEnd, runChild } from '../../../programs/child.ts';
import { createWorkspace, type Workspace } from '../../../programs/workspace.ts';
import { contentLabel, contentMark, operationLabel } from '../history.ts';
import { ownDescription } from '../record.ts';
import type { Kept } from '../settle.ts';
import { openApiProxy } from './api-proxy.ts';

export interface Upgrade {
  release: DeclaredRelease;
  /** The Git revision. */
  revision: string;
  /** The number that the new revision of the release will have. */
  number: number;
  /** What is deployed is put back if the upgrade fails. */
  atomic: boolean;
  /** Take over objects that no release holds. */
  adopt: boolean;
  keep: readonly Kept[];
  secrets: readonly string[];
  timeoutMs: number;
}

/** The child runs a program of our own, which reserves far more address space than it uses. */
const memoryBytes = 2 ** 46;

/**
 * Runs `helm upgrade --install` as declared: with its history, hooks and waiting. It reaches the server through a proxy and has no
 * credentials. Throws HF1809 with helm's words where it fails; `lost` ends it at once.
 */
export async function runUpgrade(
  connection: Connection,
  upgrade: Upgrade,
  lost?: AbortSignal,
): Promise<void> {
  const { release, timeoutMs } = upgrade;
  const program = await findHelm();
  const { files, args } = await release.installable();
  const workspace = await createWorkspace(files);
  const proxy = await openApiProxy(connection);
  try {
    const kubeconfig = join(workspace.home, 'kubeconfig');
    await writeFile(kubeconfig, proxy.kubeconfig(release.namespace), { mode: 0o600 });
    const keeping = upgrade.keep.length === 0 ? [] : await postRenderer(workspace, program, upgrade.keep);
    // undoing a failed upgrade takes its time, too
    const limits = { timeMs: timeoutMs * 2 + 60_000, outputBytes: 16 * 1024 * 1024, memoryBytes };
    const { GOMEMLIMIT: _none, HELM_NO_PLUGINS: noPlugins, ...rest } = helmEnvironment(workspace, limits);
    const plugins = program.major === 4 && keeping.length > 0 ? {} : { HELM_NO_PLUGINS: noPlugins ?? '1' };
    const environment = {
      ...rest,
      ...plugins,
      KUBECONFIG: kubeconfig,
      HTTP_PROXY: '',
      NO_PROXY: '127.0.0.1',
    };
    const all = ['upgrade', '--install', release.name, ...args, ...optionsOf(upgrade, program), ...keeping];
    const place = { folder: workspace.tree, environment };
    const end = await runChild(program.path, all, place, limits, lost);
    if (end.by !== 'itself' || end.exitCode !== 0)
      throw new Failure('HF1809', wordsOf(end, workspace, upgrade));
  } finally {
    proxy.close();
    await workspace.remove();
  }
}

function optionsOf(
  { release, revision, number, atomic, adopt, timeoutMs }: Upgrade,
  { major }: HelmProgram,
): string[] {
  const content = release.rendering?.content;
  const labels = [
    `${operationLabel}=${number}`,
    ...(content === undefined ? [] : [`${contentLabel}=${contentMark(content)}`]),
  ];
  return [
    ...['--namespace', release.namespace],
    ...['--history-max', String(release.historyMax)],
    ...['--description', ownDescription(revision)],
    ...['--labels', labels.join(',')],
    ...['--timeout', `${Math.ceil(timeoutMs / 1000)}s`],
    '--wait',
    ...(atomic ? [major === 4 ? '--rollback-on-failure' : '--atomic'] : []),
    ...(adopt ? ['--take-ownership'] : []),
    ...(release.createNamespace ? ['--create-namespace'] : []),
    // helm would go on with the values of the last revision where none are declared
    '--reset-values',
    // definitions are converged before
    '--skip-crds',
    // what is declared is also meant where somebody edited it by hand
    ...(major === 4 ? ['--server-side=true', '--force-conflicts'] : []),
  ];
}

const program = fileURLToPath(new URL(`./keep-values${extname(import.meta.url)}`, import.meta.url));

/** Helm 3 runs a program; Helm 4 runs a plugin, of which this is the only one that it finds. */
async function postRenderer(
  { home }: Workspace,
  { major }: HelmProgram,
  keep: readonly Kept[],
): Promise<string[]> {
  const folder = join(home, 'plugins', 'holdfast-keep');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = join(folder, 'kept.json');
  await writeFile(kept, JSON.stringify(keep), { mode: 0o600 });
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const run = join(folder, 'run');
  await writeFile(run, `#!/bin/sh\nexec ${[process.execPath, program, kept].map(quote).join(' ')}\n`);
  await chmod(run, 0o700);
  if (major === 3) return ['--post-renderer', run];
  const manifest = {
    apiVersion: 'v1',
    type: 'postrenderer/v1',
    name: 'holdfast-keep',
    version: '1.0.0',
    runtime: 'subprocess',
    runtimeConfig: { platformCommand: [{ command: run }] },
  };
  await writeFile(join(folder, 'plugin.yaml'), JSON.stringify(manifest));
  return ['--post-renderer', 'holdfast-keep'];
}

function wordsOf(end: ChildEnd, workspace: Workspace, { release, secrets }: Upgrade): string {
  if (end.by === 'time') return `helm did not end in time with ${release.name}`;
  if (end.by === 'signal') return `helm was ended: somebody else works on ${release.name} from now on`;
  if (end.by === 'start') return 'helm could not be started';
  const said = workspace
    .clean(end.stderr)
    .replace(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}/g, 'the API server');
  const lines = said
    .split('\n')
    .filter(line => line.trim() !== '' && !/^(WARNING|level=|coalesce)/.test(line));
  const start = lines.findIndex(line => line.startsWith('Error:'));
  const words = withoutSecrets(
    lines
      .slice(Math.max(start, 0))
      .join(' ')
      .replace(/^Error: /, ''),
    secrets,
  );
  return `helm says: ${words.length > 700 ? `${words.slice(0, 700)}…` : words}`;
}
