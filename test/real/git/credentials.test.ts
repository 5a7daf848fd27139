import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { openMirror } from '../../../src/git/mirror.ts';
import { type HttpOrigin, serveOverHttp } from './http-origin.ts';
import { Origin, type Scratch, scratch } from './origin.ts';

const token = 'secret-token-4711';
const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
let place: Scratch;
let tip: string;
let http: HttpOrigin;
const { PATH } = process.env;

beforeEach(async () => {
  place = scratch();
  const origin = new Origin(join(place.path, 'origin'));
  tip = origin.commit('one', { 'a.yaml': 'a: 1\n' });
  http = await serveOverHttp(origin.path, token);
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await http.close();
  place.dispose();
});

function mirror(url = http.url, given = token) {
  return openMirror({ directory: join(place.path, 'mirror'), url, branch: 'main', token: given });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no Failure but ${String(error)}`);
}

describe('the token', () => {
  it('is sent to the remote', async () => {
    expect(await (await mirror()).fetch()).toBe(tip);
  });

  it('may stand in the address, which then is no longer used as it was', async () => {
    const withPassword = http.url.replace('http://', `http://mara:${token}@`);
    const opened = await mirror(withPassword, '');

    expect(await opened.fetch()).toBe(tip);
    expect(opened.url).toBe(http.url);
    expect(opened.secrets).toContain(token);
  });

  it('is in no argument, no file and no error', async () => {
    const log = spyOnGit();
    const opened = await mirror();
    await opened.fetch();
    http.answer(500);
    const failure = await failureOf(opened.fetch());

    const written = readdirSync(place.path, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.parentPath.includes('mirror'))
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [readFileSync(log, 'utf8'), failure.line, JSON.stringify(failure), ...written]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(encoded);
    }
    expect(readFileSync(log, 'utf8')).toContain('fetch');
  });
});

describe('a remote over HTTP that', () => {
  it.each([
    ['does not exist', 404, 'HF1203'],
    ['forbids', 403, 'HF1202'],
    ['fails', 500, 'HF1201'],
    ['asks to slow down', 429, 'HF1201'],
  ])('%s: %i is %s', async (_, status, code) => {
    const opened = await mirror();
    await opened.fetch();
    http.answer(status);

    expect((await failureOf(opened.fetch())).code).toBe(code);
    http.answer(undefined);
    expect(await opened.fetch()).toBe(tip);
  });

  it.each(['', 'wrong'])('refuses the token %j: HF1202', async given => {
    expect((await failureOf((await mirror(http.url, given)).fetch())).code).toBe('HF1202');
  });

  it('redirects is not followed with the token', async () => {
    http.answer(301, 'http://127.0.0.1:1/elsewhere.git/info/refs?service=git-upload-pack');
    const failure = await failureOf((await mirror()).fetch());

    expect(failure.code).toBe('HF1201');
    expect(failure.message).toContain('redirects');
  });

  it('never answers is given up after the time allowed: HF1201', async () => {
    http.answer(0);
    const directory = join(place.path, 'mirror');
    const opened = await openMirror({ directory, url: http.url, branch: 'main', token, fetchTimeoutMs: 300 });
    const failure = await failureOf(opened.fetch());

    expect(failure.code).toBe('HF1201');
    expect(failure.message).toContain('too long');
    http.answer(undefined);
    expect(await (await mirror()).fetch()).toBe(tip);
  });

  it('is not there: HF1201', async () => {
    await http.close();
    const failure = await failureOf((await mirror()).fetch());
    expect(failure.code).toBe('HF1201');
    expect(failure.message).toContain('127.0.0.1');
  });
});

/** Puts a git in front of the real one that writes its arguments down. */
function spyOnGit(): string {
  const bin = join(place.path, 'bin');
  const log = join(place.path, 'arguments');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >> '${log}'\nPATH='${PATH}' exec git "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  process.env['PATH'] = `${bin}:${PATH}`;
  return log;
}
