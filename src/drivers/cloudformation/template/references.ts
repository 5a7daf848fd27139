import { quoted } from '../../../declared/yaml/problem.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { circles } from './circles.ts';
import { calledIn } from './functions.ts';
import { hasMacros } from './macros.ts';
import type { TemplateProblem } from './template.ts';

type Path = readonly PropertyKey[];

const nouns = {
  ref: 'resource or parameter',
  attribute: 'resource',
  condition: 'condition',
  mapping: 'mapping',
};

export const pseudoParameters = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

/** What a part of a template refers to, with where it does. */
export interface Reference {
  kind: 'ref' | 'attribute' | 'condition' | 'mapping';
  name: string;
  path: Path;
}

/** References to what no part of the template declares, and resources that wait for one another. */
export function referenceProblems(body: JsonObject, lineOf: (path: Path) => number): TemplateProblem[] {
  if (hasMacros(body) || JSON.stringify(body).includes('Rain::')) return [];
  const names = (section: string) => {
    const found = body[section];
    return new Set(isMap(found) ? Object.keys(found) : []);
  };
  const resources = names('Resources');
  const known: Record<Reference['kind'], Set<string>> = {
    ref: new Set([...resources, ...names('Parameters'), ...pseudoParameters]),
    attribute: resources,
    condition: names('Conditions'),
    mapping: names('Mappings'),
  };
  const modules = modulePrefixes(body);
  const problems: TemplateProblem[] = [];
  for (const { kind, name, path } of referencesOf(body)) {
    if (known[kind].has(name) || modules.some(prefix => name.startsWith(prefix))) continue;
    problems.push({
      line: lineOf(path),
      code: 'HF1902',
      message: `there is no ${nouns[kind]} ${quoted(name)} in the template`,
    });
  }
  for (const cycle of circles(edgesOf(body))) {
    const message = `resources depend on one another in a circle: ${cycle.join(' → ')}`;
    problems.push({ line: lineOf(['Resources', cycle[0] ?? '']), code: 'HF1902', message });
  }
  return problems;
}

/** The resources of a module are named after it. */
function modulePrefixes(body: JsonObject): string[] {
  const resources = body['Resources'];
  if (!isMap(resources)) return [];
  return Object.entries(resources).flatMap(([id, resource]) =>
    isMap(resource) && String(resource['Type']).endsWith('::MODULE') ? [id] : [],
  );
}

/** All references in the conditions, resources and outputs of a template. */
export function referencesOf(body: JsonObject): Reference[] {
  const found: Reference[] = [];
  for (const [name, entry] of entriesOf(body['Conditions'])) collect(entry, ['Conditions', name], found);
  for (const [section, keys] of holders) {
    for (const [name, entry] of entriesOf(body[section])) {
      if (!isMap(entry)) continue;
      const path = [section, name];
      const condition = entry['Condition'];
      if (typeof condition === 'string')
        found.push({ kind: 'condition', name: condition, path: [...path, 'Condition'] });
      for (const key of keys) collect(entry[key], [...path, key], found);
      if (section === 'Resources') addDependencies(entry['DependsOn'], path, found);
    }
  }
  return found;
}

/** The sections whose entries refer to others, and in which of their keys. */
const holders = [
  ['Outputs', ['Value', 'Export']],
  ['Resources', ['Properties']],
] as const;

function entriesOf(section: Json | undefined): [string, Json][] {
  return isMap(section) ? Object.entries(section) : [];
}

function addDependencies(value: Json | undefined, path: Path, found: Reference[]): void {
  for (const name of Array.isArray(value) ? value : [value])
    if (typeof name === 'string') found.push({ kind: 'attribute', name, path: [...path, 'DependsOn'] });
}

function collect(value: Json | undefined, path: Path, found: Reference[]): void {
  if (typeof value !== 'object' || value === null) return;
  const called = calledIn(value);
  if (called !== undefined) addCall(called.name, called.argument, path, found);
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, child] of entries) collect(child, [...path, key], found);
}

function addCall(name: string, argument: Json, path: Path, found: Reference[]): void {
  const first = Array.isArray(argument) ? argument[0] : argument;
  if (name === 'Fn::GetAtt') addAttribute(argument, path, found);
  else if (name === 'Fn::Sub') addSubstituted(argument, path, found);
  else if (typeof first !== 'string') return;
  else if (name === 'Ref') found.push({ kind: 'ref', name: first, path });
  else if (name === 'Fn::If') found.push({ kind: 'condition', name: first, path });
  else if (name === 'Fn::FindInMap') found.push({ kind: 'mapping', name: first, path });
  // elsewhere `Condition` is a word of policy documents
  else if (name === 'Condition' && path[0] === 'Conditions')
    found.push({ kind: 'condition', name: first, path });
}

function addAttribute(argument: Json, path: Path, found: Reference[]): void {
  const name =
    typeof argument === 'string'
      ? argument.split('.', 1)[0]
      : Array.isArray(argument)
        ? argument[0]
        : undefined;
  if (typeof name === 'string') found.push({ kind: 'attribute', name, path });
}

/** Variables of `Fn::Sub`: `${Name}` or `${Name.Attribute}`; `${!Literal}` is none, and those of its own map are known. */
function addSubstituted(argument: Json, path: Path, found: Reference[]): void {
  const [text, own] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== 'string') return;
  for (const name of substituted(text)) {
    if (isMap(own) && Object.hasOwn(own, name)) continue;
    const dot = name.indexOf('.');
    if (dot === -1) found.push({ kind: 'ref', name, path });
    else found.push({ kind: 'attribute', name: name.slice(0, dot), path });
  }
}

/** The names in `${…}` of a text. */
export function substituted(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => (name ?? '').trim());
}

/** Which resources each resource refers to. */
function edgesOf(body: JsonObject): Map<string, Set<string>> {
  const resources = body['Resources'];
  const edges = new Map<string, Set<string>>();
  for (const { name, path, kind } of referencesOf(body)) {
    if (path[0] !== 'Resources' || !isMap(resources) || !Object.hasOwn(resources, name)) continue;
    const from = String(path[1]);
    if (kind !== 'condition') edges.set(from, (edges.get(from) ?? new Set()).add(name));
  }
  return edges;
}
