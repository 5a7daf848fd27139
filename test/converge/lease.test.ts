import { describe, expect, it } from 'vitest';
import { hasRunOut, see } from '../../src/converge/lease.ts';

const held = { holder: 'other', durationMs: 15_000 };

describe('a lease of another holder', () => {
  it.each([
    ['counts while it was seen to change within its duration', held, 14_000, false],
    ['has run out when it was watched unchanged for longer', held, 15_001, true],
    ['is free at once when it was given back', { ...held, holder: '' }, 0, true],
  ])('%s', (_what, lease, watchedMs, expected) => {
    const seen = see(undefined, '7', 1_000);

    expect(hasRunOut(lease, see(seen, '7', 1_000 + watchedMs), 1_000 + watchedMs)).toBe(expected);
  });

  it('is watched anew from each change on, whatever time stands in it', () => {
    const seen = see(see(undefined, '7', 0), '8', 20_000);

    expect(hasRunOut(held, seen, 30_000)).toBe(false);
  });
});
