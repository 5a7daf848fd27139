import type { DeclaredUnit } from '../../../declared/declaration.ts';
import { isConfiguration, moduleReach, targetOf } from '../../../declared/terraform/module.ts';
import { folderOf, normalFolder } from '../../../declared/units/paths.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { DeclaredResource, DeclaredResources } from '../../declared-resources.ts';
import { secretPlaces } from '../../secret-places.ts';
import { type WholeBlock, wholeBlocks } from './body.ts';
import { wholeJsonBlocks } from './json.ts';

interface Placed extends WholeBlock {
  file: string;
}

/** Modules that call modules multiply: with more calls or resources than this the rest is left out, and said so. */
const mostCalls = 500;
const mostResources = 20_000;
const largestFile = 4 * 1024 * 1024;

/**
 * What the files of a root module and of the local modules that it calls declare, block by block, without running anything: neither
 * variables nor functions are worked out, `count` and `for_each` stand as they are, and modules from elsewhere are told by their call.
 */
export async function declaredBlocks(unit: DeclaredUnit): Promise<DeclaredResources> {
  const { definition, sources } = unit;
  if (sources === undefined) return { resources: [], findings: unit.findings };
  const { tree } = sources;
  const reach = await moduleReach(definition.name, tree, definition.path);
  const folders = [...reach.blocks.keys()];
  const files = tree.files.filter(({ path }) => folders.includes(folderOf(path)) && isConfiguration(path));
  const variableFiles = tree.files.filter(
    ({ path }) => isVariableFile(path, definition.path) || named(unit).includes(path),
  );
  const small = [...files, ...variableFiles].filter(({ size }) => size <= largestFile);
  const contents = await tree.read(small.map(({ path }) => path));
  const read = (path: string) => contents.get(path)?.toString('utf8') ?? '';
  const blocks = new Map<string, Placed[]>();
  for (const { path } of files) {
    const found = path.endsWith('.json') ? wholeJsonBlocks(read(path)) : wholeBlocks(read(path));
    const here = blocks.get(folderOf(path)) ?? [];
    blocks.set(folderOf(path), [...here, ...found.map(block => ({ ...block, file: path }))]);
  }
  const budget = { calls: mostCalls, resources: mostResources };
  const resources = inModule(blocks, { folder: definition.path, prefix: '', callers: [] }, budget);
  const sensitive = sensitiveVariables(blocks.get(definition.path) ?? []);
  for (const { path } of variableFiles) resources.push(variablesIn(path, read(path), sensitive));
  return {
    resources,
    findings: [...unit.findings, ...reach.findings.filter(({ type }) => type === 'invalid')],
    notes: [
      'told from the files alone: expressions, `count` and `for_each` are not worked out, and which changes replace a resource only a terraform plan tells',
      ...(budget.calls <= 0 || budget.resources <= 0
        ? [`only the first ${mostCalls} calls of modules and ${mostResources} blocks are told`]
        : []),
    ],
  };
}

function named({ definition }: DeclaredUnit): string[] {
  return (definition.terraform?.varFiles ?? []).flatMap(path => normalFolder(path) ?? []);
}

function isVariableFile(path: string, folder: string): boolean {
  return folderOf(path) === folder && /(?:^|\/)(?:terraform\.tfvars|[^/]+\.auto\.tfvars)$/.test(path);
}

/** A module as it is called: with the address before its resources, and the folders of those that call it. */
interface Call {
  folder: string;
  prefix: string;
  callers: readonly string[];
}

function inModule(
  blocks: ReadonlyMap<string, readonly Placed[]>,
  { folder, prefix, callers }: Call,
  budget: { calls: number; resources: number },
): DeclaredResource[] {
  budget.calls -= 1;
  const within = [...callers, folder];
  return (blocks.get(folder) ?? []).flatMap(block => {
    const own = budget.resources <= 0 ? [] : resourcesOf(block, prefix);
    budget.resources -= own.length;
    const target = calledBy(block, folder);
    if (typeof target !== 'string' || within.includes(target) || budget.calls <= 0) return own;
    const call = { folder: target, prefix: `${prefix}module.${block.labels[0] ?? ''}.`, callers: within };
    return [...own, ...inModule(blocks, call, budget)];
  });
}

/** The folder of the local module that a block calls. */
function calledBy({ type, labels, file, body }: Placed, folder: string): string | null | undefined {
  const from = body['source'];
  return targetOf({ type, labels, source: { file }, ...(typeof from === 'string' ? { from } : {}) }, folder);
}

/** How blocks are called, by their type: the type of the resource, and the first part of its address. */
const kinds: Readonly<Record<string, { type?: string; address: string }>> = {
  resource: { address: '' },
  data: { address: 'data.' },
  ephemeral: { address: 'ephemeral.' },
  module: { type: 'module', address: 'module.' },
  variable: { type: 'variable', address: 'var.' },
  output: { type: 'output', address: 'output.' },
  provider: { type: 'provider', address: 'provider.' },
  check: { type: 'check', address: 'check.' },
};

function resourcesOf(block: Placed, prefix: string): DeclaredResource[] {
  const { type, labels, body, file, line } = block;
  const source = { file, line };
  if (type === 'locals')
    return Object.entries(body).map(([name, value]) =>
      told({ type: 'local', name: `${prefix}local.${name}` }, source, { value }),
    );
  const kind = kinds[type];
  if (kind !== undefined) {
    const provider = type === 'provider' && typeof body['alias'] === 'string' ? `.${body['alias']}` : '';
    const name = `${prefix}${kind.address}${labels.join('.')}${provider}`;
    const hidden = body['sensitive'] === true;
    return [
      told(
        { type: kind.type ?? `${type === 'resource' ? '' : `${type} `}${labels[0] ?? ''}`, name },
        source,
        body,
        hidden,
      ),
    ];
  }
  // `terraform`, `moved`, `removed` and `import` have no name: what they are about tells them apart
  const about = ['from', 'to'].flatMap(key => (typeof body[key] === 'string' ? [body[key]] : [])).join(' → ');
  return [
    told(
      { type, name: `${prefix}${[type, ...labels].join('.')}${about === '' ? '' : ` ${about}`}` },
      source,
      body,
    ),
  ];
}

function told(
  resource: { type: string; name: string },
  source: { file: string; line: number },
  value: JsonObject,
  hidden = false,
): DeclaredResource {
  const secret = [...(hidden ? ['/default', '/value'] : []), ...secretPlaces(value)];
  return {
    resource,
    source,
    value,
    ...(secret.length === 0 ? {} : { secret }),
    whenRemoved: removalOf(value),
  };
}

function removalOf(value: JsonObject): string {
  const lifecycle = Array.isArray(value['lifecycle']) ? value['lifecycle'][0] : undefined;
  const kept = isMap(lifecycle) && lifecycle['prevent_destroy'] === true;
  return kept
    ? 'no longer declared; it had `prevent_destroy`, which is gone with its block'
    : 'no longer declared: Terraform destroys what it made, if anything';
}

function sensitiveVariables(blocks: readonly WholeBlock[]): Set<string> {
  return new Set(
    blocks.flatMap(({ type, labels, body }) =>
      type === 'variable' && body['sensitive'] === true ? [labels[0] ?? ''] : [],
    ),
  );
}

/** A file of variables is one block without a head. */
function variablesIn(path: string, text: string, sensitive: ReadonlySet<string>): DeclaredResource {
  const [block] = wholeBlocks(`variables {\n${text}\n}`);
  const value: Json = block?.body ?? {};
  const secret = [
    ...Object.keys(value).flatMap(name => (sensitive.has(name) ? [`/${name}`] : [])),
    ...secretPlaces(value),
  ];
  return { resource: { type: 'variables', name: path }, source: { file: path }, value, secret };
}
