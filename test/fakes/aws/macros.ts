import { expandLoops } from '../../../src/drivers/cloudformation/template/for-each.ts';
import {
  isExpanded,
  languageExtensions,
  transformsOf,
} from '../../../src/drivers/cloudformation/template/macros.ts';
import { readTemplate } from '../../../src/drivers/cloudformation/template/template.ts';
import type { Json, JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';
import { AwsError } from './wire.ts';

/** What a macro of the account makes of a template, given the parameters of the stack. */
export type Macro = (body: JsonObject, parameters: Readonly<Record<string, string>>) => JsonObject;

/** Macros and modules by name; the language extensions and the functions of the Serverless transform are there always. */
export interface Macros {
  macros: Map<string, Macro>;
  /** The resources of a module, by the name of its type. */
  modules: Map<string, JsonObject>;
}

/** The template that CloudFormation works with: `TemplateStage` Processed, which is JSON where anything was expanded. */
export function processedTemplate(
  template: string,
  parameters: Readonly<Record<string, string>>,
  known: Macros,
): string {
  let { body } = readTemplate(Buffer.from(template));
  if (!isExpanded(body)) return template;
  const transforms = transformsOf(body);
  // the last one of the list is applied last, and the language extensions before Serverless
  for (const name of transforms) {
    const macro = known.macros.get(name) ?? shipped[name];
    if (macro === undefined)
      throw new AwsError('ValidationError', `No transform named ${account(name)} found.`);
    body = macro(body, parameters);
  }
  const { Transform: _, ...rest } = body;
  return JSON.stringify({ ...rest, Resources: withModules(rest['Resources'], known.modules) });
}

function account(name: string): string {
  return name.includes('::') ? name : `111111111111::${name}`;
}

const shipped: Readonly<Record<string, Macro>> = {
  [languageExtensions]: (body, parameters) =>
    expandLoops(body, declared => {
      if (Array.isArray(declared)) return declared.map(String);
      const name = isMap(declared) ? declared['Ref'] : undefined;
      return typeof name === 'string' ? parameters[name]?.split(',') : undefined;
    }).body,
  'AWS::Serverless-2016-10-31': ({ Globals: _, ...body }) => ({
    ...body,
    Resources: Object.fromEntries(
      Object.entries((body['Resources'] ?? {}) as JsonObject).flatMap(([id, resource]) =>
        isMap(resource) && resource['Type'] === 'AWS::Serverless::Function'
          ? serverless(id, resource)
          : [[id, resource] as [string, Json]],
      ),
    ),
  }),
};

/** A function, its role, and a permission for each event, named as the transform names them. */
function serverless(id: string, resource: JsonObject): [string, Json][] {
  const { Events = {}, ...properties } = (resource['Properties'] ?? {}) as JsonObject;
  const own: Json = {
    Type: 'AWS::Lambda::Function',
    Properties: { ...properties, Role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] } },
  };
  const permissions = Object.keys(Events as JsonObject).map((event): [string, Json] => [
    `${id}${event}Permission`,
    {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: id }, Principal: 'events' },
    },
  ]);
  const role: Json = { Type: 'AWS::IAM::Role', Properties: { Description: `of ${id}` } };
  return [[id, own], [`${id}Role`, role], ...permissions];
}

function withModules(resources: Json | undefined, modules: ReadonlyMap<string, JsonObject>): JsonObject {
  const entries = Object.entries((resources ?? {}) as JsonObject).flatMap(([id, resource]) => {
    const inner = isMap(resource) ? modules.get(String(resource['Type'])) : undefined;
    if (inner === undefined) return [[id, resource] as const];
    return Object.entries(inner).map(([name, each]) => [`${id}${name}`, each] as const);
  });
  return Object.fromEntries(entries);
}
