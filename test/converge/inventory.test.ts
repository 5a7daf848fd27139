import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOf, itemText } from '../../src/converge/inventory/item-text.ts';

const word = fc.stringMatching(/^[a-zA-Z0-9./:_-]{1,40}$/).filter(text => text !== '-');

describe('an item of an inventory', () => {
  it('reads as it was written', () => {
    const resource = fc.oneof(
      fc.record({ apiVersion: word, kind: word, name: word }),
      fc.record({ apiVersion: word, kind: word, namespace: word, name: word }),
      fc.record({ type: word, name: word }),
    );
    fc.assert(
      fc.property(resource, fc.option(word, { nil: undefined }), word, (ref, uid, revision) => {
        const item = { resource: ref, revision, ...(uid === undefined ? {} : { uid }) };
        expect(itemOf(itemText(item))).toEqual(item);
      }),
    );
  });

  it.each(['', 'a b c', 'a b c d e f g'])('is none: %j', text => {
    expect(itemOf(text)).toBeUndefined();
  });
});
