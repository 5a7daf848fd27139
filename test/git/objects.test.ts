import { describe, expect, it } from 'vitest';
import { readCommit } from '../../src/git/commit.ts';
import { parseListing } from '../../src/git/revision-tree.ts';
import { checkRevision } from '../../src/git/store.ts';

const [one, two, three] = ['1', '2', '3'].map(digit => digit.repeat(40));

describe('a commit object', () => {
  it('says its tree, parents and message', () => {
    const raw = `tree ${one}\nparent ${two}\nparent ${three}\nauthor A <a@b> 0 +0000\ngpgsig -----BEGIN\n parent x\n\nsubject\n\nparent of all\n`;
    expect(readCommit('x', Buffer.from(raw))).toEqual({
      sha: 'x',
      tree: one,
      parents: [two, three],
      message: 'subject\n\nparent of all\n',
    });
  });

  it('may have no message', () => {
    expect(readCommit('x', Buffer.from(`tree ${one}\nauthor A <a@b> 0 +0000\n\n`)).message).toBe('');
  });
});

describe('a listing', () => {
  const listing = [
    `100644 blob ${one}       5\tb.yaml`,
    `100755 blob ${two}      70\ta/x\ty.yaml`,
    `120000 blob ${three}      9\ta/link`,
    `160000 commit ${three}       -\tsubmodule`,
    `100644 blob ${one}       5\t../out.yaml`,
    '',
  ].join('\0');

  it('is files and links; submodules and paths that lead out are neither', () => {
    expect(parseListing(listing)).toEqual({
      files: [
        { path: 'a/x\ty.yaml', content: two, size: 70 },
        { path: 'b.yaml', content: one, size: 5 },
      ],
      links: ['a/link'],
    });
  });

  it('may be that of a folder only', () => {
    expect(parseListing(listing, 'a/').files.map(file => file.path)).toEqual(['x\ty.yaml']);
  });
});

describe('a revision', () => {
  it('is 40 hex digits and nothing else', () => {
    expect(checkRevision(`${one}`)).toBe(one);
    for (const name of ['main', '', `${one}\n`, `-${one}`, 'g'.repeat(40)])
      expect(() => checkRevision(name)).toThrow('SHA');
  });
});
