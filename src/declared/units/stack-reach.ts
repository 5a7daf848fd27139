import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree } from '../tree.ts';
import type { UnitFiles } from './files.ts';
import { isManifest, normalFolder } from './paths.ts';
import type { UnitReach } from './reach.ts';

/** The one required key of a Git-sync deployment file, with the template that it names. */
const templateKey = /^\s*["']?template-file-path["']?\s*:\s*["']?([^"'#\n]+?)["']?\s*(?:#.*)?$/m;

/**
 * The files that a stack is declared by: its deployment file, and the template that this names, wherever it lies. Approximate in how
 * it reads, since it only says what a change of must be looked at; the driver reads them exactly.
 */
export async function stackReach(
  tree: SourceTree,
  unit: UnitDefinition,
  files: UnitFiles,
): Promise<UnitReach> {
  const named = normalFolder(unit.cloudformation?.deployment?.replace(/^\/+/, '') ?? '');
  const deployments = tree.files.filter(
    file => file.path === named || (isManifest(file.path) && files.all.includes(file)),
  );
  const contents = await tree.read(deployments.map(({ path }) => path));
  const templates = new Set(
    [...contents.values()].flatMap(bytes => {
      const path = templateKey.exec(bytes.toString('utf8'))?.[1];
      return path === undefined ? [] : [normalFolder(path.replace(/^\/+/, ''))];
    }),
  );
  const reached = new Set([
    ...files.all,
    ...deployments,
    ...tree.files.filter(({ path }) => templates.has(path)),
  ]);
  return { files: [...reached].sort((a, b) => (a.path < b.path ? -1 : 1)), findings: [] };
}
