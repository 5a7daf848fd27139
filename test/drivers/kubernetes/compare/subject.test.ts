import { describe, expect, it } from 'vitest';
import { Subject } from '../../../../src/drivers/kubernetes/compare/subject.ts';

const kind = {
  apiVersion: 'v1',
  kind: 'Secret',
  group: '',
  version: 'v1',
  plural: 'secrets',
  namespaced: true,
  verbs: [],
};
const ref = { apiVersion: 'v1', kind: 'Secret', name: 'a' };

function subject(object: { [key: string]: string | object }, hash: () => string, file = 'a.yaml'): Subject {
  const declared = {
    ref,
    object: object as never,
    source: { file },
    get hash() {
      return hash();
    },
  };
  return new Subject('shop', { kind, namespace: 'shop', name: 'a' }, declared);
}

describe('two declarations of one object', () => {
  const object = { apiVersion: 'v1', kind: 'Secret', stringData: { a: 'b' } };

  it('are the same without a hash where a file has not changed', () => {
    const never = () => {
      throw new Error('a hash was asked for');
    };
    expect(subject(object, never).declaresAs(subject(object, never, 'moved.yaml'))).toBe(true);
  });

  it.each([
    ['the same hash', 'x', true],
    ['another hash', 'y', false],
  ])('with %s', (_what, hash, same) => {
    const copy = structuredClone(object);
    expect(subject(object, () => 'x').declaresAs(subject(copy, () => hash))).toBe(same);
  });
});

it('is compared as the server stores it', () => {
  const made = subject({ apiVersion: 'v1', kind: 'Secret', stringData: { a: 'b' }, status: {} }, () => '');
  expect(made.plain).toEqual({ metadata: {}, data: { a: 'Yg==' } });
  expect(made.body).toMatchObject({ metadata: { name: 'a', namespace: 'shop' }, data: { a: 'Yg==' } });
});
