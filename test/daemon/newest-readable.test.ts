import { describe, expect, it } from 'vitest';
import { newestReadable } from '../../src/daemon/newest-readable.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { FailureCode } from '../../src/failure/codes.ts';
import { Failure } from '../../src/failure/failure.ts';

const declaring =
  (failing: Readonly<Record<string, FailureCode>>) =>
  async (revision: string): Promise<Declaration> => {
    const code = failing[revision];
    if (code !== undefined) throw new Failure(code, `${revision} cannot be read`);
    return { revision, settings: defaultSettings, units: [] };
  };

describe('the newest readable of some revisions', () => {
  it.each<[string, Readonly<Record<string, FailureCode>>, string]>([
    ['is the first', {}, 'c'],
    ['is the one before a broken holdfast.yaml', { c: 'HF1104' }, 'b'],
    ['is the last good one, however long ago', { c: 'HF1104', b: 'HF1104' }, 'a'],
  ])('%s', async (_what, failing, expected) => {
    expect(await newestReadable(['c', 'b', 'a'], declaring(failing))).toMatchObject({ revision: expected });
  });

  it.each<[string, readonly string[], Readonly<Record<string, FailureCode>>, object]>([
    ['as all are broken', ['b', 'a'], { a: 'HF1104', b: 'HF1104' }, { code: 'HF1104', message: /^b / }],
    ['as Git fails, which says nothing of the file', ['b', 'a'], { b: 'HF1207' }, { code: 'HF1207' }],
    ['as there are none', [], {}, { code: 'HF1502' }],
  ])('is not told %s', async (_what, revisions, failing, failure) => {
    const { message, ...rest } = failure as { message?: RegExp };
    const found = newestReadable(revisions, declaring(failing));
    await expect(found).rejects.toMatchObject(rest);
    if (message !== undefined) await expect(found).rejects.toThrow(message);
  });
});
