import { quoted } from '../../../declared/yaml/problem.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { hasMacros } from './macros.ts';
import { referenceProblems } from './references.ts';
import type { TemplateProblem } from './template.ts';

type LineOf = (path: readonly PropertyKey[]) => number;

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
];
/** Sections that `rain pkg` and `aws cloudformation package` take away before CloudFormation sees the template. */
const packaged = ['Rain', 'Modules', 'Packages', 'Constants'];
const mappings = ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Outputs', 'Metadata', 'Hooks'];
/** CloudFormation quotas: how many of each a template may have. */
const limits: [string, number][] = [
  ['Resources', 500],
  ['Parameters', 200],
  ['Outputs', 200],
  ['Mappings', 200],
];
const resourceKeys = new Set([
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'DeletionMode',
  'Version',
]);
/** What the Serverless transform takes away. */
const serverlessKeys = new Set(['Connectors', 'IgnoreGlobals']);
const deletionPolicies = ['Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate'];
const parameterTypes =
  /^(?:String|Number|CommaDelimitedList|List<Number>|AWS::(?:EC2|Route53|SSM)::[A-Za-z:.]+(?:<[A-Za-z0-9:<>.]+>)?|List<(?:String|AWS::(?:EC2|Route53)::[A-Za-z:.]+)>)$/;

/** What CloudFormation would refuse in the structure of a template. What a macro makes of it cannot be known beforehand. */
export function shapeProblems(body: JsonObject, lineOf: LineOf): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const say = (path: readonly PropertyKey[], message: string) =>
    problems.push({ line: lineOf(path), code: 'HF1902', message });
  const macros = hasMacros(body);
  checkSections(body, say, macros);
  checkHead(body, say);
  checkNulls(body, say);
  checkRain(body, say);
  const resources = body['Resources'];
  if (!isMap(resources)) {
    if (!macros) say(['Resources'], 'at least one resource must be declared, in Resources');
    return problems;
  }
  for (const [id, resource] of Object.entries(resources)) checkResource(id, resource, say);
  checkParameters(body['Parameters'], say);
  problems.push(...referenceProblems(body, lineOf));
  return problems;
}

type Say = (path: readonly PropertyKey[], message: string) => void;

function checkSections(body: JsonObject, say: Say, macros: boolean): void {
  for (const key of Object.keys(body)) {
    if (sections.includes(key) || key.startsWith('Fn::') || (macros && key === 'Globals')) continue;
    if (packaged.includes(key)) say([key], `${quoted(key)} is for a packager: package the template first`);
    else say([key], `a template has no section ${quoted(key)}`);
  }
  for (const key of mappings) {
    const section = body[key];
    if (section !== undefined && section !== null && !isMap(section)) say([key], `${key} must be a mapping`);
  }
  for (const [key, most] of limits) {
    const section = body[key];
    const count = isMap(section) ? Object.keys(section).length : 0;
    if (count > most) say([key], `${key} has ${count} entries, and ${most} are allowed`);
  }
}

function checkHead(body: JsonObject, say: Say): void {
  const version = body['AWSTemplateFormatVersion'] ?? '2010-09-09';
  if (String(version) !== '2010-09-09') {
    const words = `the only version of templates is 2010-09-09, not ${quoted(String(version))}`;
    say(['AWSTemplateFormatVersion'], words);
  }
  const description = body['Description'];
  if (description !== undefined && (typeof description === 'object' || String(description).length > 1024))
    say(['Description'], 'Description must be a text of 1,024 characters at most');
}

function checkResource(id: string, resource: Json, say: Say): void {
  const at = ['Resources', id];
  if (id.startsWith('Fn::')) return;
  if (!/^[A-Za-z0-9]{1,255}$/.test(id))
    say(at, `the logical id ${quoted(id)} may have letters and digits alone`);
  if (!isMap(resource)) {
    say(at, `the resource ${quoted(id)} must be a mapping`);
    return;
  }
  const type = resource['Type'];
  if (typeof type !== 'string' || type === '') say(at, `the resource ${quoted(id)} has no Type`);
  for (const key of Object.keys(resource)) {
    if (!isAttribute(key, String(type))) say([...at, key], `a resource has no attribute ${quoted(key)}`);
  }
  const properties = resource['Properties'];
  if (properties !== undefined && !isMap(properties))
    say([...at, 'Properties'], 'Properties must be a mapping');
  for (const key of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const policy = resource[key];
    if (policy === undefined || isMap(policy) || deletionPolicies.includes(String(policy))) continue;
    say([...at, key], `${key} is one of ${deletionPolicies.join(', ')}`);
  }
  checkNames([...at, 'DependsOn'], resource['DependsOn'], say);
  const condition = resource['Condition'];
  if (condition !== undefined && typeof condition !== 'string')
    say([...at, 'Condition'], 'Condition of a resource must be the name of a condition');
}

function isAttribute(key: string, type: string): boolean {
  if (resourceKeys.has(key) || key.startsWith('Fn::') || type.endsWith('::MODULE')) return true;
  return type.startsWith('AWS::Serverless::') && serverlessKeys.has(key);
}

function checkNames(at: readonly PropertyKey[], value: Json | undefined, say: Say): void {
  if (value === undefined || typeof value === 'string') return;
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return;
  if (isMap(value)) return;
  say(at, 'DependsOn takes a logical id or a list of them');
}

function checkParameters(parameters: Json | undefined, say: Say): void {
  if (!isMap(parameters)) return;
  for (const [name, parameter] of Object.entries(parameters)) {
    const at = ['Parameters', name];
    if (name.startsWith('Fn::')) continue;
    if (!/^[A-Za-z0-9]{1,255}$/.test(name))
      say(at, `the parameter ${quoted(name)} may have letters and digits alone`);
    if (!isMap(parameter)) {
      say(at, `the parameter ${quoted(name)} must be a mapping`);
      continue;
    }
    const type = parameter['Type'];
    if (typeof type !== 'string') say(at, `the parameter ${quoted(name)} has no Type`);
    else if (!parameterTypes.test(type)) say([...at, 'Type'], `there is no parameter type ${quoted(type)}`);
    const fallback = parameter['Default'];
    if (typeof fallback === 'object' && fallback !== null)
      say([...at, 'Default'], `the default of the parameter ${quoted(name)} must be a text`);
  }
}

/** CloudFormation takes no null anywhere, save as the argument of Fn::GetAZs, which means the present region. */
function checkNulls(body: JsonObject, say: Say): void {
  walk(body, [], (value, path) => {
    if (value !== null || path.at(-1) === 'Fn::GetAZs') return;
    say(path, `a null value is not allowed, at /${path.join('/')}`);
  });
}

function checkRain(body: JsonObject, say: Say): void {
  walk(body, [], (_, path) => {
    const key = path.at(-1);
    if (typeof key !== 'string' || !key.startsWith('Rain::')) return;
    say(path, `!${key} is for Rain, a preprocessor: package the template with it first`);
  });
}

function walk(value: Json, path: PropertyKey[], visit: (value: Json, path: PropertyKey[]) => void): void {
  visit(value, path);
  if (typeof value !== 'object' || value === null) return;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, child] of entries) walk(child, [...path, key], visit);
}
