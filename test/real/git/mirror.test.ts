import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { type Mirror, openMirror } from '../../../src/git/mirror.ts';
import { Origin, type Scratch, scratch } from './origin.ts';

let place: Scratch;
let origin: Origin;
beforeEach(() => {
  place = scratch();
  origin = new Origin(join(place.path, 'origin'));
});
afterEach(() => place.dispose());

function open(options: { url?: string; branch?: string; directory?: string } = {}): Promise<Mirror> {
  return openMirror({ directory: join(place.path, 'mirror'), url: origin.path, branch: 'main', ...options });
}

const mirrorPath = () => join(place.path, 'mirror');

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Failure ? error.code : String(error);
}

describe('fetching', () => {
  it('returns the tip of the branch, and again when nothing is new', async () => {
    const first = origin.commit('one', { 'a.yaml': 'a: 1\n' });
    const mirror = await open();

    expect(await mirror.fetch()).toBe(first);
    expect(await mirror.fetch()).toBe(first);
    const second = origin.commit('two', { 'a.yaml': 'a: 2\n' });
    expect(await mirror.fetch()).toBe(second);
    expect(await mirror.lastTip()).toBe(second);
  });

  it('follows a rewritten branch, shows that it was rewritten and keeps what it had', async () => {
    origin.commit('one', { a: '1' });
    const lost = origin.commit('two', { a: '2' });
    const mirror = await open();
    await mirror.fetch();
    origin.git('reset', '--quiet', '--hard', 'HEAD~1');
    const replaced = origin.commit('other', { a: '3' });
    origin.git('reflog', 'expire', '--expire=now', '--all');
    origin.git('gc', '--quiet', '--prune=now');

    expect(await mirror.fetch()).toBe(replaced);
    expect(await mirror.isAncestor(lost, replaced)).toBe(false);
    expect((await mirror.commit(lost)).message).toBe('two\n');
  });

  it('runs once for callers that ask at the same time, and two processes do not harm each other', async () => {
    const tip = origin.commit('one', { a: '1' });
    const mirrors = await Promise.all([open(), open(), open()]);

    const tips = await Promise.all(mirrors.flatMap(mirror => [mirror.fetch(), mirror.fetch()]));

    expect(new Set(tips)).toEqual(new Set([tip]));
    expect(readdirSync(place.path).sort()).toEqual(['mirror', 'origin']);
  });

  it('fetches a commit of a pull request only when asked, and says when the remote has it no more', async () => {
    origin.commit('one', { a: '1' });
    origin.git('checkout', '--quiet', '-b', 'topic');
    const head = origin.commit('topic', { b: '1' });
    origin.git('update-ref', 'refs/pull/7/head', head);
    origin.git('checkout', '--quiet', 'main');
    origin.git('branch', '-D', 'topic');
    const mirror = await open();
    await mirror.fetch();

    expect(await mirror.has(head)).toBe(false);
    expect(await mirror.fetchCommit(head, ['refs/pull/7/head'])).toBe(true);
    expect((await mirror.commit(head)).message).toBe('topic\n');
    expect(await mirror.fetchCommit('1'.repeat(40), ['refs/pull/8/head', '--upload-pack=x'])).toBe(false);
  });
});

describe('a commit that is lent', () => {
  it('is there for the time of its use, and held by no reference afterwards', async () => {
    origin.commit('one', { a: '1' });
    origin.git('checkout', '--quiet', '-b', 'topic');
    const head = origin.commit('topic', { b: '1' });
    origin.git('update-ref', 'refs/pull/7/head', head);
    origin.git('checkout', '--quiet', 'main');
    origin.git('branch', '-D', 'topic');
    const mirror = await open();
    await mirror.fetch();
    const refs = () =>
      execFileSync('git', ['for-each-ref', '--format=%(refname)'], { cwd: mirrorPath(), encoding: 'utf8' });

    const seen = await mirror.withCommit(head, ['refs/pull/7/head'], async () => {
      expect(refs()).toContain(`refs/holdfast/lent/${head}-`);
      return (await mirror.commit(head)).message;
    });
    expect(seen).toBe('topic\n');
    await expect(mirror.withCommit(head, [], () => Promise.reject(new Error('boom')))).rejects.toThrow(
      'boom',
    );
    expect(await mirror.withCommit('1'.repeat(40), ['refs/pull/8/head'], async () => 1)).toBeUndefined();
    expect(refs()).not.toContain('lent');
  });

  it('is given back by the next process when this one ended at once', async () => {
    const tip = origin.commit('one', { a: '1' });
    const mirror = await open();
    await mirror.fetch();
    execFileSync('git', ['update-ref', `refs/holdfast/lent/${tip}-0badcafe`, tip], { cwd: mirrorPath() });

    await open();

    const left = execFileSync('git', ['for-each-ref', 'refs/holdfast/lent'], { cwd: mirrorPath() });
    expect(left.toString()).toBe('');
  });
});

describe('what goes wrong', () => {
  it.each([
    ['the remote is gone', 'HF1203', () => rmSync(origin.path, { recursive: true })],
    ['the branch is gone', 'HF1204', () => origin.git('branch', '-m', 'main', 'trunk')],
  ])('%s: %s, and the last good revision stays readable', async (_, code, happen) => {
    const tip = origin.commit('one', { 'a.yaml': 'a: 1\n' });
    const mirror = await open();
    await mirror.fetch();

    happen();

    expect(await codeOf(mirror.fetch())).toBe(code);
    expect(await mirror.lastTip()).toBe(tip);
    expect((await mirror.tree(tip)).files.map(file => file.path)).toEqual(['a.yaml']);
    expect(await (await open()).lastTip()).toBe(tip);
  });

  it('tells an empty repository from a missing branch', async () => {
    await expect((await open()).fetch()).rejects.toThrow(/is empty/);
    origin.commit('one', { a: '1' });
    await expect((await open({ branch: 'nowhere' })).fetch()).rejects.toThrow(/has no branch nowhere/);
  });

  it('makes a damaged mirror anew', async () => {
    const tip = origin.commit('one', { a: '1' });
    const mirror = await open();
    await mirror.fetch();
    writeFileSync(join(place.path, 'mirror', 'HEAD'), 'rubbish');
    expect(await mirror.fetch()).toBe(tip);

    rmSync(join(place.path, 'mirror', 'objects'), { recursive: true });
    expect(await (await open()).fetch()).toBe(tip);
    expect((await mirror.commit(tip)).sha).toBe(tip);
  });

  it('makes a mirror with a damaged object anew as soon as reading shows it', async () => {
    const tip = origin.commit('one', { a: 'some text' });
    const mirror = await open();
    await mirror.fetch();
    const packs = join(place.path, 'mirror', 'objects', 'pack');
    const pack = readdirSync(packs).find(name => name.endsWith('.pack')) ?? '';
    chmodSync(join(packs, pack), 0o600);
    truncateSync(join(packs, pack), 40);

    await expect(mirror.tree(tip)).rejects.toMatchObject({ code: 'HF1207' });
    await expect(mirror.has(tip)).rejects.toMatchObject({ code: 'HF1207' });
    expect(await mirror.fetch()).toBe(tip);
    expect((await (await mirror.tree(tip)).read(['a'])).get('a')?.toString()).toBe('some text');
  });

  it('makes a mirror anew that was damaged while nobody looked', async () => {
    const tip = origin.commit('one', { a: 'some text' });
    await (await open()).fetch();
    rmSync(join(place.path, 'mirror', 'objects', 'pack'), { recursive: true });
    const mirror = await open();

    expect(await mirror.fetch()).toBe(tip);
    expect((await (await mirror.tree(tip)).read(['a'])).get('a')?.toString()).toBe('some text');
  });

  it.each([
    ['is ended from outside', 'kill -KILL $$'],
    [
      'has too little of something',
      'echo "fatal: unable to create thread: Resource temporarily unavailable" >&2; exit 128',
    ],
    ['may not use the folder', 'echo "fatal: detected dubious ownership in repository" >&2; exit 128'],
  ])('keeps a good mirror when git %s, and uses it again afterwards', async (_what, script) => {
    const lost = origin.commit('one', { a: '1' });
    const mirror = await open();
    await mirror.fetch();
    origin.git('commit', '--quiet', '--amend', '-m', 'other');
    const path = process.env['PATH'];
    onTestFinished(() => {
      process.env['PATH'] = path;
    });
    mkdirSync(join(place.path, 'bin'));
    const wrapper = `#!/bin/sh\ncase "$*" in *is-bare*) ${script};; esac\nPATH='${path}' exec git "$@"\n`;
    writeFileSync(join(place.path, 'bin', 'git'), wrapper, { mode: 0o755 });
    process.env['PATH'] = `${join(place.path, 'bin')}:${path}`;

    expect(await codeOf(open())).toBe('HF1207');
    expect(await codeOf(mirror.fetch())).toBe('HF1207');
    process.env['PATH'] = path;

    expect((await (await open()).commit(lost)).message).toBe('one\n');
  });

  it('gets over the lock of a process that was killed', async () => {
    origin.commit('one', { a: '1' });
    const mirror = await open();
    await mirror.fetch();
    const lock = join(place.path, 'mirror', 'refs', 'holdfast', 'heads', 'main.lock');
    writeFileSync(lock, '');
    utimesSync(lock, new Date(0), new Date(0));
    const next = origin.commit('two', { a: '2' });

    expect(await mirror.fetch()).toBe(next);
  });

  it('removes half-written packs of processes that were killed', async () => {
    origin.commit('one', { a: '1' });
    await (await open()).fetch();
    const left = join(place.path, 'mirror', 'objects', 'pack', 'tmp_pack_x');
    writeFileSync(left, '');
    await open();
    expect(existsSync(left)).toBe(true);

    utimesSync(left, new Date(0), new Date(0));
    await open();
    expect(existsSync(left)).toBe(false);
  });

  it('starts anew when the folder belongs to another address', async () => {
    const old = origin.commit('one', { a: '1' });
    await (await open()).fetch();
    const other = new Origin(join(place.path, 'other'));
    const tip = other.commit('else', { b: '1' });
    const mirror = await open({ url: other.path });

    expect(await mirror.fetch()).toBe(tip);
    expect(await mirror.has(old)).toBe(false);
  });

  it.each(['main', 'HEAD', '--all', 'a'.repeat(39), 'A'.repeat(40), `${'a'.repeat(40)}\n`])(
    'takes no revision but a full SHA: %j',
    async revision => {
      origin.commit('one', { a: '1' });
      const mirror = await open();
      expect(await codeOf(mirror.tree(revision))).toBe('HF1206');
      expect(await codeOf(mirror.isAncestor(revision, revision))).toBe('HF1206');
    },
  );

  it('does not know a revision that was never fetched', async () => {
    const mirror = await open();
    expect(await mirror.has('1'.repeat(40))).toBe(false);
    expect(await codeOf(mirror.tree('1'.repeat(40)))).toBe('HF1206');
    expect(await codeOf(mirror.firstParents('1'.repeat(40), '2'.repeat(40)))).toBe('HF1206');
  });

  it('runs no command that a configured address names', async () => {
    expect(await codeOf(open({ url: 'ext::sh -c true' }))).toBe('HF1001');
    expect(await codeOf(open({ url: '--upload-pack=touch x' }))).toBe('HF1001');
    expect(readFileSync(join(origin.path, '.git', 'HEAD'), 'utf8')).toContain('main');
  });
});
