import { describe, expect, it } from 'vitest';
import { extendsRules } from '../../../../src/drivers/kubernetes/compare/webhook-rules.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const rule: JsonObject = {
  apiGroups: ['apps'],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: ['deployments'],
};
const more: JsonObject = { ...rule, resources: ['deployments', 'deployments/status'] };

describe('live rules extend the declared ones', () => {
  it.each<[string, Json | undefined, Json | undefined]>([
    ['the same', [rule], [rule]],
    ['more resources', [rule], [more]],
    ['another rule, in any order', [rule], [{ ...rule, apiGroups: ['batch'] }, more]],
    ['everything', [rule], [{ ...rule, operations: ['*'] }]],
    ['the scope that is meant where none is said', [rule], [{ ...rule, scope: '*' }]],
    ['rules where none are declared', undefined, [rule]],
  ])('by %s', (_what, declared, live) => {
    expect(extendsRules(declared, live)).toBe(true);
  });
});

describe('live rules take from the declared ones', () => {
  it.each<[string, Json | undefined, Json | undefined]>([
    ['all', [rule], []],
    ['the list itself', [rule], undefined],
    ['an operation', [{ ...rule, operations: ['CREATE', 'DELETE'] }], [rule]],
    ['versions that are not named', [{ ...rule, apiVersions: ['*'] }], [rule]],
    ['a scope', [rule], [{ ...rule, scope: 'Namespaced' }]],
    [
      'what only two rules together have',
      [{ ...rule, resources: ['a', 'b'] }],
      [
        { ...rule, resources: ['a'] },
        { ...rule, resources: ['b'] },
      ],
    ],
    ['what is no rule', ['x'], ['x']],
  ])('%s', (_what, declared, live) => {
    expect(extendsRules(declared, live)).toBe(false);
  });
});
