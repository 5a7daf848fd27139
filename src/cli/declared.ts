import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Declaration } from '../declared/declaration.ts';
import { type DeclareOptions, declare } from '../declared/declare.ts';
import type { SourceTree } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import { compareTree } from './tree.ts';

/** What a path declares, and the files that it was read from. */
export interface Declared {
  tree: SourceTree;
  declaration: Declaration;
}

/**
 * Reads a repository, a folder or a file: as it stands on disk, or at a revision from the object store. Throws HF1105 also where
 * nothing is declared, since a wrong path must not read as in sync.
 */
export async function declaredAt(
  path: string,
  {
    revision,
    environment,
    capabilities,
  }: {
    revision?: string | undefined;
    environment?: string | undefined;
    capabilities?: DeclareOptions['capabilities'];
  },
): Promise<Declared> {
  const root = resolve(path);
  const status = statSync(root, { throwIfNoEntry: false });
  if (status === undefined)
    throw new Failure('HF1105', 'there is no such file or folder', { where: { file: path } });
  const name = basename(root).replace(/\.(ya?ml|json)$/, '');
  const { tree, folder } = await compareTree(root, revision);
  const declaration = await declare(tree, { name, environment, folder, capabilities });
  if (declaration.units.every(isEmpty)) {
    const what = 'nothing is declared there: no Kubernetes object, chart, stack, module or playbook';
    throw new Failure('HF1105', what, { where: { file: path } });
  }
  return { tree, declaration };
}

function isEmpty({ definition, objects, findings }: Declaration['units'][number]): boolean {
  return definition.driver === 'kubernetes' && objects.length === 0 && findings.length === 0;
}

/** The units of these names; all when there is none. Throws HF1006 for a name that is not declared. */
export function chosenUnits({ units }: Declaration, names: readonly string[]): Declaration['units'] {
  const unknown = names.filter(name => !units.some(unit => unit.definition.name === name));
  if (unknown.length > 0) {
    const known = units.map(unit => unit.definition.name).join(', ') || 'none';
    throw new Failure('HF1006', `there is no unit ${unknown.join(', ')}; declared are: ${known}`);
  }
  return names.length === 0 ? units : units.filter(unit => names.includes(unit.definition.name));
}
