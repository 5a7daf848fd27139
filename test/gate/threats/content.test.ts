/** Threat 16 by what a diff shows badly or not at all, on a real history as the mirror reads it: each is added where it is merged. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Authorization } from '../../../src/gate/authorization.ts';
import { type Mirror, openMirror } from '../../../src/git/mirror.ts';
import { approval, policy } from '../support/data.ts';
import { type Draft, type Files, lines, reasons, World } from '../support/world.ts';

/** Each hides changes of the file that it stands for, from a diff, a merge, an archive or a page of a forge. */
const hiding = {
  'diff.yaml': '-diff',
  'binary.yaml': 'binary',
  'ours.yaml': 'merge=ours',
  'union.yaml': 'merge=union',
  'archive.yaml': 'export-ignore export-subst',
  'filter.yaml': 'filter=crypt diff=crypt',
  'ident.yaml': 'ident text eol=crlf',
  'collapsed.yaml': 'linguist-generated linguist-vendored',
};

let world: World;
let mirror: Mirror;
let start: string;
beforeAll(async () => {
  world = new World();
  const directory = join(world.folder, '.git', 'mirrors', 'mirror.git');
  mirror = await openMirror({ directory, url: world.folder, branch: 'main' });
  const names = Object.entries(hiding);
  world.write({
    ...everyFile(lines('old')),
    '.gitattributes': names.map(([file, attribute]) => `${file} ${attribute}\n`).join(''),
    '.gitmodules':
      '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://git.example/lib.git\n\tignore = all\n',
    'run.sh': 'exit 1\n',
    'link.sh': 'exit 1\n',
    'ends.yaml': 'a: 1\n',
    'last.yaml': 'a: 1\n',
  });
  stage('160000', 'a'.repeat(40), 'vendor/lib');
  stage('160000', 'a'.repeat(40), 'vendor/old');
  world.git('commit', '-q', '--allow-empty', '-m', 'Start');
  start = world.tip();
});
afterAll(() => world.close());
beforeEach(() => back(start));

function back(to: string): void {
  world.git('checkout', '-q', '-f', '-B', 'main', to);
  for (const name of ['lib', 'old']) mkdirSync(join(world.folder, 'vendor', name), { recursive: true });
}

function everyFile(text: string): Files {
  return Object.fromEntries(Object.keys(hiding).map(file => [file, text]));
}

/** Into the index alone, so that no file system has a say in it. */
function stage(mode: string, object: string, path: string): void {
  world.git('update-index', '--add', '--cacheinfo', `${mode},${object},${path}`);
}

const remove = (path: string) => world.git('update-index', '--force-remove', path);
const blobOf = (path: string) => world.git('rev-parse', `${start}:${path}`);

function blob(text: string): string {
  const path = join(world.folder, '.git', 'scratch');
  writeFileSync(path, text);
  return world.git('hash-object', '-w', '--no-filters', path);
}

function rename(from: string, to: string): void {
  remove(from);
  stage('100644', blobOf(from), to);
}

/** What is staged beside what was reviewed. */
const additions: [string, () => void][] = [
  ['another commit of a submodule', () => stage('160000', 'b'.repeat(40), 'vendor/lib')],
  ['a file that may be run', () => stage('100755', blobOf('run.sh'), 'run.sh')],
  ['a symbolic link with the bytes of the file', () => stage('120000', blobOf('link.sh'), 'link.sh')],
  ['a name in other case', () => rename('cart.yaml', 'Cart.yaml')],
  ['a new submodule', () => stage('160000', 'b'.repeat(40), 'vendor/new')],
  [
    'a folder where a submodule was',
    () => {
      remove('vendor/old');
      stage('100644', blob('x'), 'vendor/old/x.yaml');
    },
  ],
  ['a new symbolic link out of the repository', () => stage('120000', blob('/etc/shadow'), 'shadow.yaml')],
  ['a folder in other case beside it', () => stage('100644', blob('x'), 'VENDOR/x.yaml')],
  ['a name that looks the same', () => rename('pay.yaml', 'p\u0430y.yaml')],
  ['an empty file', () => stage('100644', blob(''), 'empty.yaml')],
  ['a last line without its end', () => stage('100644', blob('a: 1'), 'last.yaml')],
  ['other ends of lines', () => stage('100644', blob('a: 1\r\n'), 'ends.yaml')],
  ['attributes that hide everything', () => stage('100644', blob('* -diff\n'), '.gitattributes')],
];

/** Merges, with what `edit` stages beside. */
function merge(draft: Draft, method: 'squash' | 'merge', edit: () => void = () => {}): void {
  const how = method === 'squash' ? ['--squash'] : ['--no-ff', '--no-commit'];
  world.git('merge', '-q', ...how, draft.branch);
  edit();
  world.git('commit', '-q', '--allow-empty', '-m', `Merge pull request #${draft.pull.number}`);
  world.forge.pulls.splice(0, 1, { ...draft.pull, mergeCommit: world.tip() });
}

async function verdict(from = start, rules = policy): Promise<Authorization> {
  const to = await mirror.fetch();
  return world.verdict(to, rules, { from, repository: mirror });
}

const refusal = ({ pull: { number } }: Draft, message: string) => ({
  verdict: 'denied',
  reasons: [{ code: 'content', pull: number, message: `#${number}: ${message}` }],
});
const another = 'merging the reviewed head gives another tree than the one that was merged';
const byHand = 'the reviewed head conflicts with the revision before, so what was merged was made by hand';

describe('threat 16: what a merge brings beside what was reviewed', () => {
  let draft: Draft;
  beforeAll(() => {
    back(start);
    draft = world.open([{ ...everyFile(lines('old', { 3: 'good' })), 'a.yaml': 'x' }]);
  });

  it('threat 16 is authorized where there is no such thing', async () => {
    merge(draft, 'squash');

    expect(await verdict()).toMatchObject({ verdict: 'authorized', pulls: [{ approvers: ['bob'] }] });
  });

  it('threat 16 is authorized where all of them were reviewed', async () => {
    world.git('checkout', '-q', '-b', 'all', start);
    for (const [, edit] of additions) {
      edit();
      world.git('commit', '-q', '--allow-empty', '-m', 'Change');
    }
    back(start);
    const whole = world.open([], {}, 'all');
    merge(whole, 'squash');

    expect(world.tree('main')).toBe(world.tree('all'));
    expect(await verdict()).toMatchObject({ verdict: 'authorized', pulls: [{ approvers: ['bob'] }] });
  });

  it.each(additions)('threat 16 is denied in a squash: %s', async (_what, edit) => {
    merge(draft, 'squash', edit);

    expect(await verdict()).toMatchObject(refusal(draft, another));
  });

  it.each(additions.slice(0, 4))('threat 16 is denied in a merge: %s', async (_what, edit) => {
    merge(draft, 'merge', edit);

    expect(await verdict()).toMatchObject(refusal(draft, another));
  });

  it.each(Object.entries(hiding))(
    'threat 16 is denied in %s, which .gitattributes hide by %s',
    async file => {
      merge(draft, 'squash', () => stage('100644', blob(lines('old', { 3: 'evil' })), file));

      expect(await verdict()).toMatchObject(refusal(draft, another));
    },
  );
});

describe('threat 31: an owner is asked', () => {
  const owned: [string, () => void][] = [
    ...additions.slice(0, 4),
    ['a file that .gitattributes hide', () => stage('100644', blob('evil\n'), 'diff.yaml')],
  ];

  it.each(owned)(
    'threat 31 is denied without the owner where nothing else changes: %s',
    async (what, edit) => {
      const from = world.commit('main', { CODEOWNERS: '* @carol\n' });
      const branch = what.replaceAll(/\W/g, '-');
      world.git('checkout', '-q', '-b', branch);
      edit();
      world.git('commit', '-q', '--allow-empty', '-m', 'Change');
      back(from);
      const draft = world.open([], {}, branch);
      merge(draft, 'squash');
      const rules = { ...policy, codeOwners: true };

      expect(reasons(await verdict(from, rules))).toEqual([
        expect.stringMatching(/^codeowners: #\d+: .* an approval of @carol \(CODEOWNERS:1\)$/),
      ]);
      draft.pull.reviews.push(approval('carol', { commit: draft.pull.head.sha }));
      expect(await verdict(from, rules)).toMatchObject({
        verdict: 'authorized',
        pulls: [{ approvers: ['bob', 'carol'] }],
      });
    },
  );
});

it.each([
  ['ours.yaml', 'a driver that whoever merges has'],
  ['union.yaml', 'one that is built into git'],
])('threat 16 lets no attribute resolve a conflict that nobody reviewed: in %s by %s', async file => {
  world.git('config', 'merge.ours.driver', 'true');
  const draft = world.open([{ [file]: lines('old', { 3: 'theirs' }), 'a.yaml': 'x' }]);
  const from = world.commit('main', { [file]: lines('old', { 3: 'ours' }) });
  merge(draft, 'merge');

  expect(await verdict(from)).toMatchObject(refusal(draft, byHand));
});
