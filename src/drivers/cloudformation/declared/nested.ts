import type { SourceTree } from '../../../declared/tree.ts';
import { nestedPath } from '../../../declared/units/paths.ts';
import { quoted } from '../../../declared/yaml/problem.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { readTemplate, type Template } from '../template/template.ts';

/** A template of the repository that another one nests, by the path in its `TemplateURL`. */
export interface NestedTemplate {
  path: string;
  template: Template;
  nested: NestedTemplates;
}

/** By the logical id of the nested stack. Those with the address of a template elsewhere are not among them. */
export type NestedTemplates = ReadonlyMap<string, NestedTemplate>;

export const stackType = 'AWS::CloudFormation::Stack';
/** Nested stacks within one another, and templates in all: more is a circle, or an attack. */
const deepest = 10;
const mostTemplates = 100;

/**
 * Reads the templates that a template nests by paths, which count from its own folder, as `aws cloudformation package` takes them. Throws
 * HF1903 for a path that leads nowhere or in a circle, HF1901 and HF1902 for what CloudFormation would refuse in one.
 */
export async function nestedTemplates(
  tree: SourceTree,
  path: string,
  template: Template,
  budget: { left: number } = { left: mostTemplates },
  depth = 0,
): Promise<NestedTemplates> {
  const found = new Map<string, NestedTemplate>();
  for (const [id, url] of localUrls(template.body)) {
    const wrong = (what: string) =>
      new Failure('HF1903', `the nested template ${quoted(url)} ${what}`, {
        where: { file: path, line: template.lineOf(['Resources', id, 'Properties', 'TemplateURL']) },
      });
    const at = nestedPath(path, url);
    if (at === undefined || !tree.files.some(file => file.path === at))
      throw wrong('is not in the repository');
    budget.left -= 1;
    if (depth >= deepest || budget.left < 0) throw wrong('nests others without end');
    const bytes = (await tree.read([at])).get(at) ?? Buffer.alloc(0);
    const inner = readTemplate(bytes);
    const problem = inner.problems.find(({ remark }) => remark !== true);
    if (problem !== undefined)
      throw new Failure(problem.code, problem.message, { where: { file: at, line: problem.line } });
    const nested = await nestedTemplates(tree, at, inner, budget, depth + 1);
    found.set(id, { path: at, template: inner, nested });
  }
  return found;
}

/** The nested stacks of a template whose `TemplateURL` is a path, not an address or an expression. */
function localUrls(body: JsonObject): [string, string][] {
  const resources = body['Resources'];
  return (isMap(resources) ? Object.entries(resources) : []).flatMap(([id, resource]): [string, string][] => {
    const url = urlOf(resource);
    return typeof url === 'string' && !/^[a-z0-9]+:\/\//i.test(url) ? [[id, url]] : [];
  });
}

function urlOf(resource: Json | undefined): Json | undefined {
  if (!isMap(resource) || resource['Type'] !== stackType) return undefined;
  return isMap(resource['Properties']) ? resource['Properties']['TemplateURL'] : undefined;
}

/** The template with other addresses in the `TemplateURL` of some of its nested stacks. */
export function withUrls(body: JsonObject, urls: ReadonlyMap<string, Json>): JsonObject {
  if (urls.size === 0) return body;
  const resources = Object.entries((body['Resources'] ?? {}) as JsonObject).map(
    ([id, resource]): [string, Json] => {
      const url = urls.get(id);
      if (url === undefined || !isMap(resource) || !isMap(resource['Properties'])) return [id, resource];
      return [id, { ...resource, Properties: { ...resource['Properties'], TemplateURL: url } }];
    },
  );
  return { ...body, Resources: Object.fromEntries(resources) };
}

/** The template with the addresses that another one has for its nested stacks: what they lead to is compared by itself. */
export function withUrlsOf(body: JsonObject, nested: NestedTemplates, other: JsonObject): JsonObject {
  const resources = other['Resources'];
  const urls = [...nested.keys()].flatMap((id): [string, Json][] => {
    const url = isMap(resources) ? urlOf(resources[id]) : undefined;
    return url === undefined ? [] : [[id, url]];
  });
  return withUrls(body, new Map(urls));
}
