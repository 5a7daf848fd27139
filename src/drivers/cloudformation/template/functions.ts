import { quoted, YamlError } from '../../../declared/yaml/problem.ts';
import type { Json } from '../../../json/json.ts';

/** The intrinsic functions of templates, those of `AWS::LanguageExtensions` and of rules among them. */
export const functions: ReadonlySet<string> = new Set([
  'Ref',
  'Condition',
  ...[
    'And',
    'Base64',
    'Cidr',
    'Contains',
    'EachMemberEquals',
    'EachMemberIn',
    'Equals',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'GetStackOutput',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Not',
    'Or',
    'RefAll',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
    'ValueOf',
    'ValueOfAll',
  ].map(name => `Fn::${name}`),
]);

/** The full name of a short form: `!Ref` is `Ref`, `!Sub` is `Fn::Sub`; the tags of Rain, a preprocessor, keep theirs. */
export function functionOf(tag: string): string {
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition' || name.startsWith('Rain::')) return name;
  return name.startsWith('Fn::') ? name : `Fn::${name}`;
}

/** A node with a short form as the long form that it stands for. `GetAtt` divides a text at its first dot. */
export function longForm(tag: string, value: Json, offset: number): Json {
  const name = functionOf(tag);
  if (name !== 'Fn::GetAtt' || typeof value !== 'string') return { [name]: value };
  const dot = value.indexOf('.');
  if (dot < 1 || dot === value.length - 1)
    throw new YamlError(offset, `!GetAtt takes ‘resource.attribute’, not ${quoted(value)}`);
  return { [name]: [value.slice(0, dot), value.slice(dot + 1)] };
}

/** The name and argument of a mapping that is one intrinsic function; undefined for all else. */
export function calledIn(value: Json | undefined): { name: string; argument: Json } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  if (!(functions.has(name) || name.startsWith('Fn::ForEach::'))) return undefined;
  return { name, argument: value[name] ?? null };
}
