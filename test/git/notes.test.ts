import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { type Mirror, openMirror } from '../../src/git/mirror.ts';

let folder: string;
let origin: string;
let mirror: Mirror;
let tip: string;

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com'];
const git = (...args: string[]) =>
  execFileSync('git', ['-C', origin, ...identity, ...args], { env: environment, encoding: 'utf8' }).trim();
const notes = () => git('notes', '--ref=holdfast', 'show', tip).split('\n');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-notes-'));
  origin = join(folder, 'origin.git');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', origin], { env: environment });
  tip = git('commit-tree', '-m', 'Start', git('mktree', '--missing', '-z'));
  git('update-ref', 'refs/heads/main', tip);
  mirror = await openMirror({ directory: join(folder, 'mirror.git'), url: origin, branch: 'main' });
  await mirror.fetch();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('adds lines to the note of a commit, each once, and pushes it', async () => {
  expect(await mirror.notes().add(new Map([[tip, ['{"a":1}', '{"b":2}']]]))).toBe(2);
  expect(await mirror.notes().add(new Map([[tip, ['{"b":2}', '{"c":3}']]]))).toBe(1);
  expect(notes()).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
});

it('keeps what others wrote, also when they push at the same time', async () => {
  git('notes', '--ref=holdfast', 'add', '-m', 'by somebody', tip);
  const other = await openMirror({ directory: join(folder, 'other.git'), url: origin, branch: 'main' });
  await other.fetch();

  await Promise.all([
    mirror.notes().add(new Map([[tip, ['{"a":1}']]])),
    other.notes().add(new Map([[tip, ['{"b":2}']]])),
  ]);

  expect(notes().toSorted()).toEqual(['by somebody', '{"a":1}', '{"b":2}'].toSorted());
  expect(Number(git('rev-list', '--count', 'refs/notes/holdfast'))).toBe(3);
});

it('leaves out commits that it does not have, and pushes nothing for them', async () => {
  expect(await mirror.notes().add(new Map([['0'.repeat(39).concat('1'), ['{"a":1}']]]))).toBe(0);
  expect(git('for-each-ref', 'refs/notes')).toBe('');
});

it('keeps the newest lines where a note grows too long', async () => {
  const line = (number: number) => `${number} ${'x'.repeat(1_000)}`;
  await mirror.notes().add(new Map([[tip, Array.from({ length: 100 }, (_, index) => line(index))]]));

  const kept = notes();
  expect(kept.length).toBe(65);
  expect(kept.at(-1)).toBe(line(99));
});

it('says that it may not push, and tries nothing else', async () => {
  const hook = join(origin, 'hooks', 'pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho "notes are not taken" >&2\nexit 1\n');
  chmodSync(hook, 0o755);

  const thrown: unknown = await mirror
    .notes()
    .add(new Map([[tip, ['{"a":1}']]]))
    .catch((error: unknown) => error);

  expect(thrown).toBeInstanceOf(Failure);
  expect((thrown as Failure).code).toBe('HF1208');
  expect((thrown as Failure).message).toContain('cannot push the notes');
  // and what was not pushed is not taken for pushed
  rmSync(hook);
  expect(await mirror.notes().add(new Map([[tip, ['{"a":1}']]]))).toBe(1);
});
