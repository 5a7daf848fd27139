import type { Block } from '../../declared/terraform/blocks.ts';
import { targetOf } from '../../declared/terraform/module.ts';
import type { Source } from '../../findings/finding.ts';

/** The blocks of a root module and of all that it calls, by folder. */
export type Blocks = ReadonlyMap<string, readonly Block[]>;

/**
 * Where a resource is declared: its block, else the call of the module that it is in (one from elsewhere, or a block that is gone), else the
 * folder. `address` is Terraform's, such as `module.net["a"].aws_subnet.b[0]`.
 */
export function sourceOf(
  blocks: Blocks,
  root: string,
  { address, type, name }: { address: string; type: string; name: string },
): Source {
  let folder: string | undefined = root;
  let nearest: Source = { file: root };
  for (const call of callsIn(address)) {
    const block: Block | undefined = find(blocks, folder, 'module', [call]);
    if (block === undefined || folder === undefined) return nearest;
    nearest = block.source;
    folder = targetOf(block, folder) ?? undefined;
  }
  return find(blocks, folder, 'resource', [type, name])?.source ?? nearest;
}

/** Where an output is declared. */
export function outputSource(blocks: Blocks, root: string, name: string): Source {
  return find(blocks, root, 'output', [name])?.source ?? { file: root };
}

function find(blocks: Blocks, folder: string | undefined, type: string, labels: readonly string[]) {
  const here = folder === undefined ? [] : (blocks.get(folder) ?? []);
  return here.find(block => block.type === type && labels.every((label, at) => block.labels[at] === label));
}

/** The names of the module calls in an address, from the outside in; keys may hold anything between their quotes. */
function callsIn(address: string): string[] {
  const calls: string[] = [];
  const step = /module\.([\w-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\./y;
  for (let found = step.exec(address); found !== null; found = step.exec(address)) calls.push(found[1] ?? '');
  return calls;
}
