import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorizedChain, type Link } from '../../src/converge/chain.ts';

const link = (from: string, revision: string, more: Partial<Link> = {}): Link => ({
  from,
  revision,
  verdict: 'authorized',
  createdAt: '2026-01-01T00:00:00Z',
  ...more,
});

describe('the chain of authorized revisions', () => {
  it.each<[string, Link[], string[]]>([
    ['starts at the trust root', [], ['root']],
    [
      'follows each revision to the next, however they are stored',
      [link('a', 'b'), link('root', 'a')],
      ['root', 'a', 'b'],
    ],
    ['leaves out what was denied', [link('root', 'a'), link('a', 'b', { verdict: 'denied' })], ['root', 'a']],
    [
      'leaves out what does not hang together with the trust root',
      [link('x', 'y'), link('y', 'z')],
      ['root'],
    ],
    [
      'ends where a circle would begin',
      [link('root', 'a'), link('a', 'root'), link('a', 'a')],
      ['root', 'a'],
    ],
    [
      'takes the longer of two ways',
      [link('root', 'a'), link('root', 'b'), link('b', 'c')],
      ['root', 'b', 'c'],
    ],
    [
      'takes the one stored last of two equal ways',
      [link('root', 'a'), link('root', 'b', { createdAt: '2026-01-02T00:00:00Z' })],
      ['root', 'b'],
    ],
    [
      'goes over a revision that was judged on the way',
      [link('root', 'a'), link('root', 'b'), link('a', 'b')],
      ['root', 'a', 'b'],
    ],
  ])('%s', (_what, links, expected) => {
    expect(authorizedChain('root', links)).toEqual(expected);
  });

  it('always starts at the trust root, repeats nothing, and steps only by authorized verdicts', () => {
    const revision = fc.constantFrom('root', 'a', 'b', 'c', 'd');
    const verdict = fc.constantFrom('authorized', 'denied', 'garbage');
    const anyLink = fc.record({ from: revision, revision, verdict, createdAt: fc.constantFrom('1', '2') });
    fc.assert(
      fc.property(fc.array(anyLink, { maxLength: 20 }), links => {
        const chain = authorizedChain('root', links);

        expect(chain[0]).toBe('root');
        expect(new Set(chain).size).toBe(chain.length);
        for (const [index, to] of chain.slice(1).entries()) {
          const from = chain[index];
          expect(
            links.some(one => one.from === from && one.revision === to && one.verdict === 'authorized'),
          ).toBe(true);
        }
      }),
    );
  });

  it('is found for ten thousand revisions', () => {
    const links = Array.from({ length: 10_000 }, (_, index) =>
      link(index === 0 ? 'root' : `r${index - 1}`, `r${index}`),
    );

    expect(authorizedChain('root', links).at(-1)).toBe('r9999');
  });
});
