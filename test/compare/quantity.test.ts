import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuantityPath, sameQuantity } from '../../src/compare/quantity.ts';

describe('the same amount', () => {
  it.each([
    ['1000m', '1'],
    ['1000m', 1],
    [0.5, '500m'],
    ['1024Mi', '1Gi'],
    ['1000M', '1G'],
    ['1e3', '1k'],
    ['0.1Gi', '107374182400m'],
    ['12E', '12000P'],
    ['+1', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
  ])('%s is %s', (a, b) => {
    expect(sameQuantity(a, b)).toBe(true);
  });
});

describe('not the same amount', () => {
  it.each<[unknown, unknown]>([
    ['1', '2'],
    ['1M', '1Mi'],
    ['1', 'one'],
    ['one', 'one'],
    ['', ''],
    ['1', true],
    ['1', null],
    ['1KiB', '1Ki'],
    [`1${'0'.repeat(100)}`, '1'],
    ['1e99', '1'],
  ])('%s is not %s', (a, b) => {
    expect(sameQuantity(a, b)).toBe(false);
  });

  it('whatever the text is, it never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => typeof sameQuantity(a, b) === 'boolean'));
  });
});

it('is exact for every whole number of thousandths', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      expect(sameQuantity(`${a}m`, String(b))).toBe(a === b * 1000);
    }),
  );
});

it.each([
  [['spec', 'containers', '0', 'resources', 'limits', 'cpu'], true],
  [['spec', 'volumes', '0', 'emptyDir', 'sizeLimit'], true],
  [['spec', 'limits', '0', 'default', 'memory'], true],
  [['spec', 'hard', 'limits.cpu'], true],
  [['overhead', 'podFixed', 'cpu'], true],
  [['data', 'cpu'], false],
  [['data', 'sizeLimit'], false],
  [['parameters', 'sizeLimit'], false],
  [['metadata', 'annotations', 'sizeLimit'], false],
  [['spec', 'template', 'metadata', 'labels', 'sizeLimit'], false],
  [['spec', 'versions', '0', 'schema', 'openAPIV3Schema', 'properties', 'cpu', 'default', 'cpu'], false],
  [['cpu'], false],
])('at %j a quantity is expected: %s', (path, wanted) => {
  expect(isQuantityPath(path)).toBe(wanted);
});
