import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate, overlaps, pointerText, valueAt } from '../../src/compare/locate.ts';
import type { Json } from '../../src/json/json.ts';

const pod: Json = {
  metadata: { annotations: { 'a.b/c~d': 'x' } },
  spec: {
    containers: [
      { name: 'web', image: 'a', env: [{ name: 'A', value: '1' }] },
      { name: 'log', args: ['x', 'y'] },
    ],
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 80, protocol: 'UDP' },
      { port: 90, value: 'p,q=r' },
    ],
  },
};

describe('where a path of a finding leads', () => {
  it.each([
    ['/spec/containers/name=log/args/1', '/spec/containers/1/args/1'],
    ['/spec/containers/name=web/env/name=A', '/spec/containers/0/env/0'],
    ['/spec/ports/port=80,protocol=UDP', '/spec/ports/1'],
    ['/spec/ports/port=90,protocol=TCP', '/spec/ports/2'],
    ['/spec/ports/port=90,value=p,q=r', undefined],
    ['/metadata/annotations/a.b~1c~0d', '/metadata/annotations/a.b~1c~0d'],
    ['/spec/containers/0/image', '/spec/containers/0/image'],
  ])('%s is %s', (path, pointer) => {
    const found = locate(pod, path);
    expect(found === undefined ? undefined : pointerText(found)).toBe(pointer);
  });

  it.each([
    ['a key that is not there', '/spec/nothing'],
    ['an item that is not there', '/spec/containers/name=db'],
    ['an index beyond the end', '/spec/containers/2'],
    ['an item that two fit', '/spec/ports/port=80'],
    ['a name from the prototype', '/spec/constructor'],
    ['the inside of a value', '/spec/containers/name=web/image/x'],
  ])('finds nothing for %s', (_what, path) => {
    expect(locate(pod, path)).toBeUndefined();
  });

  it('finds the value of every key of a map, however it is written', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer(), (key, value) => {
        const object: Json = JSON.parse(`{${JSON.stringify(key)}:${value}}`);
        const pointer = locate(object, `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
        expect(pointer && valueAt(object, pointer)).toBe(value);
      }),
    );
  });

  it.each([
    [['a'], ['a', 0], true],
    [['a', 0], ['a'], true],
    [['a', 0], ['a', 1], false],
    [[], ['a'], true],
  ])('%j and %j overlap: %j', (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
  });
});
