import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { globMatches } from './glob.ts';

/** The transform that knows `Fn::ForEach`, `Fn::Length` and `Fn::ToJsonString`. */
export const languageExtensions = 'AWS::LanguageExtensions';
export const loopKey = 'Fn::ForEach::';

/** Whether a macro or transform makes another template of this one before CloudFormation looks at it. */
export function hasMacros(body: JsonObject): boolean {
  return transformsOf(body).length > 0 || JSON.stringify(body).includes('"Fn::Transform"');
}

/** Whether CloudFormation works with another template than this one: macros, transforms and modules are expanded by it. */
export function isExpanded(body: JsonObject): boolean {
  return hasMacros(body) || resourcesOf(body).some(([, resource]) => isModule(resource));
}

/** The names of the transforms that a template asks for. */
export function transformsOf(body: JsonObject): string[] {
  const declared = body['Transform'];
  const list = Array.isArray(declared)
    ? declared
    : declared === undefined || declared === null
      ? []
      : [declared];
  return list.map(one => (typeof one === 'string' ? one : isMap(one) ? String(one['Name']) : String(one)));
}

/** What makes a resource of which the template as it was written does not have the declaration. */
export interface Maker {
  /** `made by Fn::ForEach::Queues`, for the end of a message. */
  words: string;
  /** The place in the template that it comes of. */
  path: readonly string[];
}

/**
 * What makes a resource of an expanded template; undefined for one that stands in the template as it was written. Which resource of
 * it a macro made another one of is not told by anybody: it is taken to be the one with the longest name that the other begins with,
 * as those that the Serverless transform makes do.
 */
export function makerOf(
  written: JsonObject,
  { logicalId, type }: { logicalId: string; type: string },
): Maker | undefined {
  const resources = resourcesOf(written);
  const own = resources.find(([id]) => id === logicalId)?.[1];
  if (isMap(own) && own['Type'] === type) return undefined;
  const loop = resources.find(([id, value]) => isLoop(id) && loopMakes(value, logicalId));
  if (loop !== undefined) return { words: `made by ${loop[0]}`, path: ['Resources', loop[0]] };
  const [from] = resources
    .filter(([id]) => !isLoop(id) && logicalId.startsWith(id))
    .sort(([a], [b]) => b.length - a.length);
  if (from !== undefined && isModule(from[1]))
    return {
      words: `made by the module ${String((from[1] as JsonObject)['Type'])}`,
      path: ['Resources', from[0]],
    };
  const transforms = transformsOf(written).filter(name => name !== languageExtensions);
  const by = transforms.length === 0 ? 'a macro' : `the macro ${transforms.join(', ')}`;
  if (from === undefined) return { words: `made by ${by}`, path: ['Transform'] };
  return { words: `made by ${by} from ${from[0]}`, path: ['Resources', from[0]] };
}

/** Whether a loop, or one within it, has a key that gives this name. */
function loopMakes(loop: Json, logicalId: string): boolean {
  const made = Array.isArray(loop) ? loop[2] : undefined;
  if (!isMap(made)) return false;
  return Object.entries(made).some(([key, value]) =>
    isLoop(key) ? loopMakes(value, logicalId) : globMatches(key.replace(/[$&]\{[^}]*\}/g, '*'), logicalId),
  );
}

function resourcesOf(body: JsonObject): [string, Json][] {
  const resources = body['Resources'];
  return isMap(resources) ? Object.entries(resources) : [];
}

function isLoop(key: string): boolean {
  return key.startsWith(loopKey);
}

function isModule(resource: Json): boolean {
  return isMap(resource) && String(resource['Type']).endsWith('::MODULE');
}
