import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { type CommandResult, runCommand } from '../../../../sandbox/processes/run.ts';
import { ParseCache } from '../../../../src/declared/cache.ts';
import type { DeclaredUnit, UnitDefinition } from '../../../../src/declared/declaration.ts';
import { type Capabilities, defaultCapabilities } from '../../../../src/declared/helm/capabilities.ts';
import { helmUnit } from '../../../../src/declared/helm/unit.ts';
import { unitFiles } from '../../../../src/declared/units/files.ts';
import type { CorpusChart } from './charts.ts';

/** A chart with one of its files of values as a unit. */
export function unitOf(
  chart: CorpusChart,
  variant: string | undefined,
  place: { release: string; namespace: string },
  capabilities: Capabilities = defaultCapabilities,
  cache = new ParseCache(),
): Promise<DeclaredUnit> {
  const definition: UnitDefinition = {
    name: 'unit',
    driver: 'helm',
    path: chart.path,
    namespace: place.namespace,
    helm: { release: place.release, valuesFiles: variant === undefined ? [] : [variant], inline: [] },
    source: { file: 'holdfast.yaml', line: 1 },
  };
  return helmUnit(definition, chart.tree, unitFiles(chart.tree, definition, []), capabilities, { cache });
}

/** Runs a command of helm on what a unit is made from, in a folder of its own. */
export async function helmWith(
  unit: DeclaredUnit,
  kubeconfig: string,
  before: readonly string[],
  after: readonly string[],
): Promise<CommandResult> {
  const { files, args } = (await unit.release?.installable()) ?? {
    files: new Map<string, Buffer>(),
    args: [],
  };
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-corpus-'));
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
    const placed = args.map(arg => (files.has(arg) || arg === 'chart' ? join(folder, arg) : arg));
    return await runCommand(inject('helm'), [...before, ...placed, ...after], { env, timeoutMs: 120_000 });
  } finally {
    await rm(folder, { recursive: true });
  }
}
