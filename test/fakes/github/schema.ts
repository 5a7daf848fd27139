import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const json = z.record(z.string(), z.unknown());
const content = z.object({ 'application/json': z.object({ schema: json }).optional() });
const response = z.union([z.object({ $ref: z.string() }), z.object({ content: content.optional() })]);
const operation = z.object({
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), response),
});
const specification = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'patch', 'put', 'delete']), operation)),
  components: z.object({
    responses: z.record(z.string(), z.object({ content: content.optional() })),
    schemas: json,
  }),
});

/** Where the service is known to answer otherwise than it publishes: both are null when a fork was deleted. */
const nullableInFact = ['pull-request', 'pull-request-simple'].flatMap(pull =>
  ['repo', 'user'].map(field => ['schemas', pull, 'properties', 'head', 'properties', field]),
);

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/**
 * Says what is wrong with an answer to an operation, or with a request's body, or nothing. Statuses that are not published must
 * be a plain error.
 */
export interface AnswerCheck {
  (operation: string, status: number, body: unknown, method?: Method): string | undefined;
  request(operation: string, method: Method, body: unknown): string | undefined;
}

/** Checks against GitHub's published OpenAPI, as cut out into openapi.json. */
export function createAnswerCheck(): AnswerCheck {
  const file = new URL('openapi.json', import.meta.url);
  const source: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { paths, components } = specification.parse(source);
  const schemas = draft7({ schemas: components.schemas }, []);
  const ajv = new Ajv({ strict: false, logger: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'github', components: schemas });
  const compiled = new Map<string, ValidateFunction>();

  function schemaFor(operation: string, method: Method, status: number): unknown {
    const published = paths[operation]?.[method]?.responses[String(status)];
    const name =
      published !== undefined && '$ref' in published ? published.$ref.split('/').at(-1) : undefined;
    const found = name === undefined ? published : components.responses[name];
    if (found !== undefined && 'content' in found) return found.content?.['application/json']?.schema;
    return { $ref: '#/components/schemas/basic-error' };
  }

  function wrong(key: string, schema: () => unknown, body: unknown): string | undefined {
    const check = compiled.get(key) ?? ajv.compile(absolute(draft7(schema() ?? {}, [])));
    compiled.set(key, check);
    return check(body) ? undefined : `${key}: ${ajv.errorsText(check.errors)}`;
  }

  const answer = (place: string, status: number, body: unknown, method: Method = 'get') => {
    if (paths[place]?.[method] === undefined && status < 400)
      return `GitHub has no operation ${method.toUpperCase()} ${place} here`;
    return wrong(`${method} ${place} ${status}`, () => schemaFor(place, method, status), body);
  };
  const request = (place: string, method: Method, body: unknown) => {
    const published = paths[place]?.[method]?.requestBody?.content['application/json']?.schema;
    return wrong(`${method} ${place} request`, () => published, body);
  };
  return Object.assign(answer, { request });
}

/** OpenAPI 3.0 writes "or null" as a keyword of its own; JSON Schema as an alternative. */
function draft7(value: unknown, path: readonly string[]): Record<string, unknown> {
  const result = rewrite(value, path);
  return z.record(z.string(), z.unknown()).parse(result);
}

function rewrite(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(item => rewrite(item, [...path, '*']));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rewrite(item, [...path, key])] as const),
  );
  const { nullable, ...rest } = copy;
  const inFact = nullableInFact.some(each => each.join('/') === path.join('/'));
  return nullable === true || inFact ? { anyOf: [{ type: 'null' }, rest] } : copy;
}

function absolute(schema: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
