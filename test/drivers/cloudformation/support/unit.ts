import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import type { StackSettings } from '../../../../src/declared/settings/stack.ts';
import { defaultSettings, type Settings } from '../../../../src/declared/settings.ts';
import type { SourceTree } from '../../../../src/declared/tree.ts';

/** The unit of a stack as a repository with these files declares it, and the declaration around it. */
export function stackUnit(
  files: Readonly<Record<string, string>>,
  cloudformation: StackSettings = {},
  settings: Partial<Settings> = {},
): { unit: DeclaredUnit; declaration: Declaration } {
  const all = Object.entries(files).map(([path, text]) => ({ path, content: text, size: text.length }));
  const tree: SourceTree = {
    revision: 'a'.repeat(40),
    files: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
  const path = 'infra-state/shop';
  const unit: DeclaredUnit = {
    definition: { name: 'shop', driver: 'cloudformation', path, cloudformation },
    objects: [],
    findings: [],
    sources: { tree, files: tree.files.filter(each => each.path.startsWith(`${path}/`)) },
    hash: JSON.stringify(files),
  };
  return {
    unit,
    declaration: { revision: tree.revision, settings: { ...defaultSettings, ...settings }, units: [unit] },
  };
}

/** A repository with one stack: its template, and what the deployment file says besides. */
export function shopFiles(template: string, deployment = ''): Record<string, string> {
  return {
    'infra-state/shop/deployment.yaml': `template-file-path: templates/shop.yaml\n${deployment}`,
    'templates/shop.yaml': template,
  };
}
