import type { DeclaredUnit } from '../../declared/declaration.ts';
import { baseName, folderOf, normalFolder } from '../../declared/units/paths.ts';
import { Failure } from '../../failure/failure.ts';

const playbooks: readonly string[] = ['site.yml', 'site.yaml', 'playbook.yml', 'playbook.yaml'];
const inventories: readonly string[] = [
  'inventory',
  'inventory.ini',
  'inventory.yml',
  'inventory.yaml',
  'hosts',
  'hosts.ini',
  'hosts.yml',
  'hosts.yaml',
];

/** The playbook and the inventories of a unit, relative to the root. Throws HF2108. */
export function entryFiles({ definition, sources }: DeclaredUnit): { playbook: string; inventory: string[] } {
  const { path, ansible = {} } = definition;
  const paths = (sources?.reached ?? sources?.files ?? []).map(file => file.path);
  const at = (name: string) => (path === '.' ? name : `${path}/${name}`);
  const named = ansible.playbook === undefined ? undefined : normalFolder(ansible.playbook);
  const playbook = named ?? playbooks.map(at).find(file => paths.includes(file));
  if (playbook === undefined || !paths.includes(playbook))
    throw new Failure('HF2108', `there is no playbook (${playbooks[0]} or ${playbooks[2]})`, {
      where: { file: named ?? path },
    });
  const here = inventories
    .map(at)
    .filter(one => paths.some(file => file === one || file.startsWith(`${one}/`)));
  const inventory = ansible.inventory?.flatMap(file => normalFolder(file) ?? []) ?? here.slice(0, 1);
  if (inventory.length === 0)
    throw new Failure('HF2108', 'there is no inventory (inventory, inventory.ini or hosts)', {
      where: { file: path },
    });
  return { playbook, inventory };
}

/** Folders of roles of a unit: those beside the playbook are found by Ansible itself. */
export function roleFolders({ definition: { path }, sources }: DeclaredUnit): string[] {
  const files = sources?.reached ?? sources?.files ?? [];
  const folders = new Set(files.flatMap(file => /^(.*?(?:^|\/)roles)\//.exec(file.path)?.[1] ?? []));
  return [...folders].sort(
    (a, b) => Number(folderOf(b) === path) - Number(folderOf(a) === path) || (a < b ? -1 : 1),
  );
}

/** The ansible.cfg of the unit's folder, if it has one. */
export function configurationFile({ definition: { path }, sources }: DeclaredUnit): string | undefined {
  return (sources?.files ?? []).find(
    file => baseName(file.path) === 'ansible.cfg' && folderOf(file.path) === path,
  )?.path;
}
