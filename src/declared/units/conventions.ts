import type { DriverName } from '../../findings/finding.ts';
import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree } from '../tree.ts';
import { baseName, folderOf, isChart, isHidden, isManifest } from './paths.ts';

/** The folders that make a tree a Holdfast repository; without any of them, and without holdfast.yaml, it is plain. */
const conventional = ['manifests', 'helm', 'infra-state'] as const;

/**
 * The units that a tree has by convention, without a holdfast.yaml: each folder of `manifests/`, each chart of `helm/`,
 * each folder of `infra-state/`. A tree with none of these folders is one unit called `name`, unless `settled` says that
 * it is a Holdfast repository all the same.
 */
export async function conventionalUnits(
  tree: SourceTree,
  name: string,
  settled: boolean,
): Promise<UnitDefinition[]> {
  const top = new Set(tree.files.map(({ path }) => path.split('/', 1)[0] ?? ''));
  const isFolder = (folder: string) => top.has(folder) && !tree.files.some(({ path }) => path === folder);
  if (!settled && !conventional.some(isFolder))
    return [{ name: unitName(name), driver: 'kubernetes', path: '.' }];
  return named([...manifestUnits(tree), ...chartUnits(tree), ...(await infrastructureUnits(tree))]);
}

interface Found {
  wish: string;
  driver: DriverName;
  path: string;
}

function manifestUnits(tree: SourceTree): Found[] {
  const found: Found[] = [];
  const folders = foldersOf(tree, 'manifests');
  if ((folders.get('') ?? []).some(isManifest))
    found.push({ wish: 'manifests', driver: 'kubernetes', path: 'manifests' });
  for (const [folder, files] of folders) {
    if (folder === '' || !files.some(isManifest)) continue;
    found.push({ wish: folder, driver: 'kubernetes', path: `manifests/${folder}` });
  }
  return found;
}

function chartUnits(tree: SourceTree): Found[] {
  return [...foldersOf(tree, 'helm')]
    .filter(
      ([folder, files]) =>
        folder !== '' && files.some(path => isChart(path) && folderOf(path) === `helm/${folder}`),
    )
    .map(([folder]) => ({ wish: folder, driver: 'helm', path: `helm/${folder}` }));
}

async function infrastructureUnits(tree: SourceTree): Promise<Found[]> {
  const found: Found[] = [];
  for (const [folder, files] of foldersOf(tree, 'infra-state')) {
    if (folder === '') continue;
    const path = `infra-state/${folder}`;
    const driver = await infrastructureDriver(
      tree,
      files.filter(file => folderOf(file) === path),
    );
    if (driver !== undefined) found.push({ wish: folder, driver, path });
    else found.push(...(await placedStacks(tree, files)));
  }
  return found;
}

/** The one required key of a CloudFormation Git-sync deployment file. */
const deployment = /^\s*["']?template-file-path["']?\s*:/m;

/** Deployment files that say by their path where their stack is: `…/ACCOUNT/REGION/STACK.yaml`, each a unit of its own. */
async function placedStacks(tree: SourceTree, files: readonly string[]): Promise<Found[]> {
  const placed = files.filter(path =>
    /\/\d{12}\/[a-z]{2}(?:-[a-z]+)+-\d\/[A-Za-z][A-Za-z0-9-]*\.ya?ml$/.test(path),
  );
  return [...(await tree.read(placed))]
    .filter(([, bytes]) => deployment.test(bytes.toString('utf8')))
    .map(([path]) => ({ wish: baseName(path).replace(/\.ya?ml$/, ''), driver: 'cloudformation', path }));
}

async function infrastructureDriver(tree: SourceTree, files: string[]): Promise<DriverName | undefined> {
  if (files.some(path => path.endsWith('.tf') || path.endsWith('.tf.json'))) return 'terraform';
  if (files.some(path => /^(?:site|playbook)\.ya?ml$/.test(baseName(path)))) return 'ansible';
  const contents = await tree.read(files.filter(isManifest));
  return [...contents.values()].some(bytes => deployment.test(bytes.toString('utf8')))
    ? 'cloudformation'
    : undefined;
}

/** The files below a top folder by the folder that they are in; '' for files right in it. */
function foldersOf(tree: SourceTree, top: string): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const { path } of tree.files) {
    if (!path.startsWith(`${top}/`) || isHidden(path)) continue;
    const rest = path.slice(top.length + 1);
    const folder = rest.includes('/') ? (rest.split('/', 1)[0] ?? '') : '';
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [path]);
    else files.push(path);
  }
  return folders;
}

/** Gives each its folder's name; where two folders have one name, the later one gets its driver's added. */
function named(found: Found[]): UnitDefinition[] {
  const taken = new Set<string>();
  return found.map(({ wish, driver, path }) => ({
    name: freeName(unitName(wish), driver, taken),
    driver,
    path,
  }));
}

/** `wish`, or with what tells it apart when it is taken; adds it to `taken`. */
export function freeName(wish: string, driver: DriverName, taken: Set<string>): string {
  let name = wish;
  for (let count = 1; taken.has(name); count++) {
    const suffix = count === 1 ? `-${driver}` : `-${driver}-${count}`;
    name = wish.slice(0, 63 - suffix.length) + suffix;
  }
  taken.add(name);
  return name;
}

/** The name of a unit from that of a folder: what a Kubernetes label allows. */
export function unitName(folder: string): string {
  const plain = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'manifests' : plain;
}
