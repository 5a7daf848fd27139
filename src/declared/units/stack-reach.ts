import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import type { UnitFiles } from './files.ts';
import { isManifest, nestedPath, normalFolder } from './paths.ts';
import type { UnitReach } from './reach.ts';

/** The one required key of a Git-sync deployment file, with the template that it names. */
const templateKey = /^\s*["']?template-file-path["']?\s*:\s*["']?([^"'#\n]+?)["']?\s*(?:#.*)?$/m;

/** A nested template that is named by its path. */
const nestedKey = /TemplateURL["']?\s*:\s*["']?([^"'#\s,}]+)/g;
const mostTemplates = 100;

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
  const reached = new Set([...files.all, ...deployments, ...(await withNested(tree, templates))]);
  return { files: [...reached].sort((a, b) => (a.path < b.path ? -1 : 1)), findings: [] };
}

/** The templates and those that they nest by paths, which count from the folder of the template. */
async function withNested(tree: SourceTree, first: ReadonlySet<string | undefined>): Promise<TreeFile[]> {
  const found = new Map<string, TreeFile>();
  const queue = [...first];
  for (const path of queue) {
    const file = tree.files.find(each => each.path === path);
    if (file === undefined || found.has(file.path) || found.size >= mostTemplates) continue;
    found.set(file.path, file);
    const text = (await tree.read([file.path])).get(file.path)?.toString('utf8') ?? '';
    for (const [, url = ''] of text.matchAll(nestedKey))
      if (!url.includes('://')) queue.push(nestedPath(file.path, url));
  }
  return [...found.values()];
}
