import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/incidents/advance.ts';
import { kept } from '../../src/incidents/early.ts';
import { comparison } from './sample.ts';

const blinded = (origin: string, message = ''): Signal => ({
  kind: 'blinded',
  blindness: { origin, code: 'HF1201', message },
});
const sees = (origin: string): Signal => ({ kind: 'sees', origin });
const compared = (unit: string): Signal => ({ kind: 'compared', comparison: comparison([], { unit }) });
const refused = (revision: string): Signal => ({
  kind: 'refused',
  refusal: { branch: 'main', revision, authorized: 'a', reasons: [], changes: [] },
});
const healed: Signal = { kind: 'healed', branch: 'main' };
const units = (...names: string[]): Signal => ({ kind: 'units', names });

const all = (...signals: Signal[]) => signals.reduce<Signal[]>(kept, []);

describe('signals that wait for the earlier incidents', () => {
  it('grow with what there is, however long the wait', () => {
    const hour = Array.from({ length: 3_600 }, (_, second) => [
      blinded('git', `at ${second}`),
      compared('shop'),
      units('shop'),
      refused(`${second}`),
    ]).flat();

    expect(all(...hour)).toEqual(hour.slice(-4));
  });

  it.each([
    ['of a source that is seen again', [blinded('git'), blinded('forge'), sees('git')], [1, 2]],
    ['of a branch that is healed', [refused('b'), compared('shop'), healed], [1, 2]],
    ['of two units', [compared('shop'), compared('cart'), compared('shop')], [1, 2]],
    ['of units', [units('shop'), compared('shop'), units('cart')], [1, 2]],
  ])('%s are the newest, in their order', (_what, signals, expected) => {
    expect(all(...signals)).toEqual(expected.map(index => signals[index]));
  });
});
