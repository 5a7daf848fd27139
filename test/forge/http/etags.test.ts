import { describe, expect, it } from 'vitest';
import { EtagCache } from '../../../src/forge/http/etags.ts';

function answer(text: string, etag?: string) {
  return { status: 200, headers: new Headers(etag === undefined ? {} : { etag }), text };
}

describe('the cache of answers', () => {
  it('gives back what was kept with its tag', () => {
    const cache = new EtagCache(1000);
    cache.keep('a', answer('one', '"1"'));
    expect(cache.find('a')).toMatchObject({ tag: '"1"', answer: { text: 'one' } });
    expect(cache.find('b')).toBeUndefined();
  });

  it('drops the old answer when the new one has no tag', () => {
    const cache = new EtagCache(1000);
    cache.keep('a', answer('one', '"1"'));
    cache.keep('a', answer('two'));
    expect(cache.find('a')).toBeUndefined();
  });

  it('is bounded: what was used longest ago goes first', () => {
    const cache = new EtagCache(33);
    for (const address of ['a', 'b', 'c']) cache.keep(address, answer('0123456789', '"t"'));
    cache.find('a');
    cache.keep('d', answer('0123456789', '"t"'));
    expect(['a', 'b', 'c', 'd'].filter(address => cache.find(address) !== undefined)).toEqual([
      'a',
      'c',
      'd',
    ]);
  });

  it('keeps nothing that is larger than itself', () => {
    const cache = new EtagCache(33);
    cache.keep('a', answer('x'.repeat(40), '"t"'));
    expect(cache.find('a')).toBeUndefined();
  });
});
