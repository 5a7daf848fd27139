import type { Finding } from '../../findings/finding.ts';
import type { UnitDefinition } from '../declaration.ts';
import { moduleReach } from '../terraform/module.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { quoted } from '../yaml/problem.ts';
import type { UnitFiles } from './files.ts';
import { declarationFinding } from './findings.ts';
import { isHidden, isWithin, normalFolder } from './paths.ts';
import { stackReach } from './stack-reach.ts';

/** All that a Terraform or Ansible unit reads of the repository, sorted by path, and what of it cannot be had. */
export interface UnitReach {
  files: TreeFile[];
  findings: Finding[];
}

/** What each unit whose program reads files by itself reaches beyond its folder: local modules, and what holdfast.yaml names. */
export async function reachesOf(
  tree: SourceTree,
  units: ReadonlyMap<UnitDefinition, UnitFiles>,
): Promise<Map<UnitDefinition, UnitReach>> {
  const reaches = new Map<UnitDefinition, UnitReach>();
  for (const [unit, files] of units) {
    if (files.all.length === 0) continue;
    if (unit.driver === 'cloudformation') reaches.set(unit, await stackReach(tree, unit, files));
    if (unit.driver !== 'terraform' && unit.driver !== 'ansible') continue;
    const modules =
      unit.driver === 'terraform'
        ? await moduleReach(unit.name, tree, unit.path)
        : { files: [], findings: [] };
    const beside = named(tree, unit);
    const reached = new Map([...files.all, ...modules.files, ...beside.files].map(file => [file.path, file]));
    const links = tree.links
      .filter(link => unit.driver === 'ansible' && isWithin(link, unit.path) && !isHidden(link))
      .map(file => refusal(unit, 'it is a symbolic link, which is not followed', file));
    reaches.set(unit, {
      files: [...reached.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      findings: [...modules.findings, ...links, ...beside.findings],
    });
  }
  return reaches;
}

/** The files of the paths that holdfast.yaml names for a unit. */
function named(tree: SourceTree, unit: UnitDefinition): UnitReach {
  const { terraform = {}, ansible = {} } = unit;
  const texts = [
    ...[terraform.varFiles, terraform.backendConfig, terraform.paths].flatMap(list => list ?? []),
    ...[ansible.inventory, ansible.paths].flatMap(list => list ?? []),
    ...(ansible.playbook === undefined ? [] : [ansible.playbook]),
  ];
  const reach: UnitReach = { files: [], findings: [] };
  for (const text of texts) {
    const path = normalFolder(text);
    const files =
      path === undefined ? [] : tree.files.filter(file => isWithin(file.path, path) && !isHidden(file.path));
    reach.files.push(...files);
    if (files.length === 0)
      reach.findings.push(
        refusal(unit, `there is no ${quoted(text)} in the repository`, unit.source?.file ?? text),
      );
  }
  return reach;
}

function refusal({ name, source }: UnitDefinition, what: string, file: string): Finding {
  return declarationFinding(name, 'unknown', 'HF1105', what, source?.file === file ? source : { file });
}
