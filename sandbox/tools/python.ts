import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { runCommand } from '../processes/run.ts';
import { openWorkplace } from '../processes/workplace.ts';
import { moduleFolder, pythonOf } from './cache.ts';
import type { PythonStep, ToolSet } from './catalogue.ts';

/** In this order: what the system calls its Python, then those that it may have beside it. */
const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14'] as const;
const usable = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11)); print(venv, ensurepip)';

/** The name of a Python that can make environments. Throws HF1003 that says how to get one. */
export async function requirePython(set: ToolSet, candidates: readonly string[] = names): Promise<string> {
  for (const python of candidates) {
    if ((await runCommand(python, ['-c', usable], { timeoutMs: 10_000 })).code === 0) return python;
  }
  throw new Failure(
    'HF1003',
    `${set.name} ${set.version} is a Python program, and there is no Python 3.11 or newer with venv and pip: install it (packages python3, python3-venv and python3-pip of the system)`,
  );
}

/**
 * Makes an environment of Python packages at the versions of `requirements.txt` in a folder, and beside it the program. The
 * program finds the environment from its own place, so the folder may be moved afterwards.
 */
export async function installPython(
  set: ToolSet,
  step: PythonStep,
  { folder, python }: { folder: string; python: string | undefined },
): Promise<void> {
  const requirements = join(moduleFolder(set), 'requirements.txt');
  const environment = join(folder, 'venv');
  const pip = ['-m', 'pip', 'install', '--no-deps', '--no-input', '--disable-pip-version-check', '--quiet'];
  await run(set, '/usr/bin/env', [python ?? (await requirePython(set)), '-m', 'venv', environment]);
  await run(set, join(folder, pythonOf), [...pip, '-r', requirements]);
  writeFileSync(join(folder, step.tool), launcher(step.python), { mode: 0o755 });
}

function launcher(given: readonly string[]): string {
  return [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)',
    `exec "$here/${pythonOf}" ${given.join(' ')} "$@"`,
    '',
  ].join('\n');
}

/** Under the watchdog: it ends when we end. Proxies and indexes are those of whoever runs us. */
async function run(set: ToolSet, program: string, args: readonly string[]): Promise<void> {
  const workplace = openWorkplace('python');
  try {
    const own = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('PYTHON'),
    );
    const part = workplace.start('python', program, args, Object.fromEntries(own));
    if ((await part.ended) !== 0)
      throw new Failure('HF1003', `installing ${set.name} ${set.version} failed:\n${part.tail(15)}`);
  } finally {
    await workplace.close();
  }
}
