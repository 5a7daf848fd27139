import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '../cluster/connection.ts';
import { ParseCache } from '../declared/cache.ts';
import type { Declaration } from '../declared/declaration.ts';
import { declare } from '../declared/declare.ts';
import type { SourceTree } from '../declared/tree.ts';
import { openDrivers } from '../drivers/open.ts';
import { openLocal } from '../git/local.ts';
import { type PreviewFormat, previewFiles, renderPreview } from '../preview/files.ts';
import { driversLive, type LiveSource } from '../preview/live.ts';
import { mergeSides } from '../preview/merged.ts';
import { type Preview, previewExitCode } from '../preview/model.ts';
import { preview as previewOf } from '../preview/preview.ts';
import { OfflineKinds } from '../preview/shapes.ts';
import { wantsColour } from '../report/terminal.ts';
import { definitionsIn } from '../validate/definitions.ts';
import { chosenUnits } from './declared.ts';

export interface PreviewOptions {
  kubeconfig?: string;
  context?: string;
  base: string;
  head: string;
  unit: string[];
  environment?: string;
  live: 'cluster' | 'daemon' | 'none';
  why: string;
  daemon?: string;
  tokenFile?: string;
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
  repository: Awaited<ReturnType<typeof openLocal>>,
  base: string,
  head: string,
  options: PreviewOptions,
): Promise<Preview> {
  const sides = await mergeSides(repository, base, head);
  const cache = new ParseCache();
  const declared = (tree: SourceTree) =>
    declare(tree, { name: repository.name, environment: options.environment, cache });
  const [before, after] = [await declared(sides.base), await declared(sides.head)];
  const kinds = new OfflineKinds([
    ...(await definitionsIn(sides.base)),
    ...(await definitionsIn(sides.head)),
  ]);
  const [chosenBase, chosenHead] = onlyUnits(before, after, options.unit);
  const connected: { opened?: Promise<Connection> } = {};
  const connection = () => {
    connected.opened ??= Connection.open(options);
    return connected.opened;
  };
  try {
    const found = await previewOf({
      base: chosenBase,
      head: chosenHead,
      kinds,
      live: await liveOf(options, [...chosenBase.units, ...chosenHead.units], connection),
      comparedAt: new Date().toISOString(),
      environment: options.environment,
    });
    const failures = sides.conflict === undefined ? found.failures : [sides.conflict, ...found.failures];
    return { ...found, base, head, failures };
  } finally {
    await connected.opened?.then(
      opened => opened.close(),
      () => undefined,
    );
  }
}

async function liveOf(
  options: PreviewOptions,
  units: Declaration['units'],
  connection: () => Promise<Connection>,
): Promise<LiveSource | { reason: string }> {
  if (options.live === 'none') return { reason: options.why };
  const names = units.map(unit => unit.definition.driver);
  return driversLive(await openDrivers(names, { connection }));
}

/** Both sides with only the units named; a name that neither side declares is HF1006. */
function onlyUnits(
  base: Declaration,
  head: Declaration,
  names: readonly string[],
): [Declaration, Declaration] {
  if (names.length === 0) return [base, head];
  chosenUnits({ ...head, units: [...head.units, ...base.units] }, names);
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
