import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsFor, isExpression } from '../../src/declared/expression.ts';

describe('an expression over a live object', () => {
  it.each([
    "self.status.phase == 'Running'",
    'has(self.status) && self.status.ready',
    "self.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
    'self.status.replicas >= self.spec.replicas',
    'size(self.items) == 2 || true',
  ])('is taken: %s', text => {
    expect(isExpression(text)).toBe(true);
  });

  it.each([
    ['a syntax error', 'self.status.'],
    ['an unknown name', 'status.ready'],
    ['a text', "'Running'"],
    ['a number', '1 + 1'],
    ['a regular expression', "self.status.phase.matches('(a+)+$')"],
    ['nothing', ''],
    ['a very long one', Array.from({ length: 3_000 }, () => 'true').join(' && ')],
  ])('is refused: %s', (_what, text) => {
    expect(isExpression(text)).toBe(false);
  });

  it('says no of what is not there, and of anything but true', () => {
    expect(holdsFor('self.status.phase.ready', {})).toBe(false);
    expect(holdsFor('self.status.ready', { status: { ready: 'true' } })).toBe(false);
    expect(holdsFor('self.status.ready', { status: { ready: true } })).toBe(true);
  });

  it('never throws, whatever the object is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), object => {
        expect(holdsFor('self.status.n > 3', JSON.parse(JSON.stringify(object)))).toBe(false);
      }),
    );
  });
});
