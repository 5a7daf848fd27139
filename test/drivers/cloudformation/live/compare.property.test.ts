import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareModel } from '../../../../src/drivers/cloudformation/live/compare.ts';
import { Known } from '../../../../src/drivers/cloudformation/live/known.ts';
import { unknownShape } from '../../../../src/drivers/cloudformation/live/shape.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const known = Known.parse('');
const place = { account: '111111111111', region: 'eu-west-1' };
const changes = (declared: JsonObject, live: JsonObject) =>
  compareModel(declared, live, { shape: unknownShape('AWS::X::Y'), place, known }).changes;

const value = fc.letrec(tie => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('json'), { maxKeys: 4 }),
  ),
})).json as fc.Arbitrary<Json>;
const model = fc.dictionary(fc.string(), value, { maxKeys: 5 }) as fc.Arbitrary<JsonObject>;

it('a model is as declared when it is what was declared, whatever that is', () => {
  fc.assert(
    fc.property(model, declared => {
      expect(changes(declared, structuredClone(declared))).toEqual([]);
    }),
  );
});

it('what live has more is never called a difference of what is declared', () => {
  fc.assert(
    fc.property(model, model, (declared, more) => {
      const found = changes(declared, { ...more, ...declared });
      expect(found.filter(({ op }) => op !== 'added')).toEqual([]);
    }),
  );
});

it('two models are compared without an error, whatever they are', () => {
  fc.assert(
    fc.property(model, model, (declared, live) => {
      expect(Array.isArray(changes(declared, live))).toBe(true);
    }),
  );
});
