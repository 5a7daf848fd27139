import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { runCommand } from '../processes/run.ts';
import { openWorkplace } from '../processes/workplace.ts';
import { moduleFolder } from './cache.ts';
import { type BuildStep, isPython, type ToolSet } from './catalogue.ts';

/** Says, before the first minute is spent, what a build would lack. */
export async function requireCompilers(set: ToolSet): Promise<void> {
  const what = `${set.name} ${set.version}`;
  if ((await runCommand('go', ['version'], { timeoutMs: 10_000 })).code !== 0) {
    throw new Failure(
      'HF1003',
      `${what} is built from source, and there is no Go compiler: install Go 1.26 or newer (package golang or go of the system, or go.dev/dl)`,
    );
  }
  if (!set.steps.some(step => !isPython(step) && step.cgo === true)) return;
  const compiler = process.env['CC'] ?? 'cc';
  if ((await runCommand(compiler, ['--version'], { timeoutMs: 10_000 })).code !== 0) {
    throw new Failure(
      'HF1003',
      `${what} holds C code, and there is no C compiler: install gcc or clang (package build-essential, gcc or clang of the system)`,
    );
  }
}

/** The arguments of `go build` for one step. `-mod=readonly`: what go.mod and go.sum do not pin is an error, and neither is changed. */
export function buildArgs(step: BuildStep, output: string): string[] {
  const tags = step.tags === undefined ? [] : ['-tags', step.tags];
  return [
    'build',
    '-mod=readonly',
    '-trimpath',
    ...tags,
    '-ldflags',
    step.ldflags,
    '-o',
    output,
    step.package,
  ];
}

/** Builds one tool into a folder. The compiler runs under the watchdog: it ends when we end. */
export async function buildTool(set: ToolSet, step: BuildStep, folder: string): Promise<void> {
  const output = join(folder, step.tool);
  const workplace = openWorkplace('build');
  try {
    // `-C` runs go in the module's folder; the environment is ours, as the compiler needs its caches and proxies.
    const args = ['-C', moduleFolder(set), ...buildArgs(step, output)];
    const go = workplace.start('go', '/usr/bin/env', ['go', ...args], environment(step));
    if ((await go.ended) !== 0) throw new Failure('HF1003', `building ${step.tool} failed:\n${go.tail(15)}`);
  } finally {
    await workplace.close();
  }
}

/** Copies the folders that a program reads at run time out of its module. */
export async function copyAssets(set: ToolSet, folder: string): Promise<void> {
  if (set.assets === undefined) return;
  const { module, folders } = set.assets;
  const args = ['-C', moduleFolder(set), 'list', '-mod=readonly', '-m', '-f', '{{.Dir}}', module];
  const listed = await runCommand('go', args, { env: { ...process.env, GOWORK: 'off' } });
  const source = listed.stdout.trim();
  if (listed.code !== 0 || source === '')
    throw new Failure('HF1003', `cannot find the files of ${module}: ${listed.stderr}`);
  // The module cache is read-only, and a copy that is so too could not be removed again.
  const place = join(folder, 'static');
  mkdirSync(place);
  const script = 'place=$1; shift; cp -R "$@" "$place" && chmod -R u+w "$place"';
  const copied = await runCommand('/bin/sh', [
    '-c',
    script,
    'copy',
    place,
    ...folders.map(name => join(source, name)),
  ]);
  if (copied.code !== 0) throw new Failure('HF1003', `cannot copy the files of ${module}: ${copied.stderr}`);
}

function environment(step: BuildStep): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { ...own, GOWORK: 'off', CGO_ENABLED: step.cgo === true ? '1' : '0' };
}
