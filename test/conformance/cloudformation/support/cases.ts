import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { classify, type Extra } from '../../../../src/drivers/cloudformation/live/classify.ts';
import { compareModel, type ModelChange } from '../../../../src/drivers/cloudformation/live/compare.ts';
import type { Known } from '../../../../src/drivers/cloudformation/live/known.ts';
import { Paths, type TypeShape } from '../../../../src/drivers/cloudformation/live/shape.ts';
import { unresolved } from '../../../../src/drivers/cloudformation/template/unresolved.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const json = z.json() as z.ZodType<Json>;
const object = z.record(z.string(), json) as unknown as z.ZodType<JsonObject>;
const paths = z.array(z.string()).default([]);

const recorded = z.object({
  resource: z.object({
    logicalId: z.string(),
    resourceType: z.string(),
    physicalId: z.string().optional(),
    declared: object,
  }),
  liveRaw: object,
  schema: z.object({
    readOnlyPaths: paths,
    writeOnlyPaths: paths,
    createOnlyPaths: paths,
    unorderedScalarPaths: paths,
    unorderedObjectArrayPaths: paths,
    freeFormMapPaths: paths,
    defaults: object.default({}),
    defaultPaths: object.default({}),
  }),
  opts: z.object({
    accountId: z.string(),
    region: z.string(),
    kmsAliasTargets: z.record(z.string(), z.string()).default({}),
    stackTags: z.record(z.string(), z.string()).default({}),
  }),
  expected: z.array(z.object({ tier: z.string(), path: z.string(), actual: json.optional() })),
});

/** A resource as it was declared, as it was recorded live, and what a person who knows found. */
export type RecordedCase = z.infer<typeof recorded> & { file: string; service: string };

/** Every recorded live model below CORPORA, whatever its folder is called: JSON files that hold `liveRaw`. */
export function recordedCases(): RecordedCase[] {
  const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
  if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);
  return readdirSync(corpora, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.json'))
    .sort()
    .flatMap(path => {
      const text = readFileSync(join(corpora, path), 'utf8');
      if (!text.includes('"liveRaw"')) return [];
      const marked = text.replaceAll('__cdkrd_corpus_unresolved__', JSON.stringify(unresolved).slice(1, -1));
      const found = recorded.parse(JSON.parse(marked));
      return [{ ...found, file: path, service: found.resource.resourceType.split('::')[1] ?? '' }];
    });
}

export function shapeOf({ schema, resource }: RecordedCase): TypeShape {
  return {
    type: resource.resourceType,
    readOnly: new Paths(schema.readOnlyPaths),
    writeOnly: new Paths(schema.writeOnlyPaths),
    createOnly: new Paths(schema.createOnlyPaths),
    transformed: new Paths([]),
    unordered: new Paths([...schema.unorderedScalarPaths, ...schema.unorderedObjectArrayPaths]),
    freeForm: new Paths(schema.freeFormMapPaths),
    defaults: new Map(Object.entries({ ...schema.defaults, ...schema.defaultPaths })),
  };
}

/** What the comparison says of a case: declared values that differ, and what live has more, with where it comes from. */
export interface Judged {
  differing: ModelChange[];
  unread: string[][];
  extras: Extra[];
}

export function judge(one: RecordedCase, known: Known, live: JsonObject = one.liveRaw): Judged {
  const { accountId, region, stackTags, kmsAliasTargets } = one.opts;
  const place = { account: accountId, region, stackTags, keyAliases: kmsAliasTargets };
  const shape = shapeOf(one);
  const { logicalId, physicalId = '', declared } = one.resource;
  const { changes, unread } = compareModel(declared, live, { shape, place, known });
  return {
    differing: changes.filter(({ op }) => op !== 'added'),
    unread: unread.map(({ path }) => path),
    extras: changes
      .filter(({ op }) => op === 'added')
      .flatMap(change => classify(change, { shape, place, known, logicalId, physicalId })),
  };
}

/** A path in the notation of the cases with `*` for every item: `Rules[geo].Name` and `/Rules/Name=geo/Name` are `Rules.*.Name`. */
export function pathOf(path: string | readonly string[]): string {
  if (typeof path !== 'string') return path.map(step => (/=|^\d+$/.test(step) ? '*' : step)).join('.');
  return path.replace(/\[[^\]]*\]/g, '.*').replace(/\.\d+(?=\.|$)/g, '.*');
}

/** Whether one is the other, or lies below it. */
export function touches(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
