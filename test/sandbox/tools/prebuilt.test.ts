import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { fetchRelease } from '../../../sandbox/tools/prebuilt.ts';
import { type Release, releases } from '../../../sandbox/tools/releases.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A server on the loopback interface that stands for a project's release page. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/helm.tar.gz`;
}

async function archiveOf(script: string): Promise<Buffer> {
  const folder = temporaryFolder();
  writeProgram(join(folder, 'linux-amd64'), 'helm', script);
  await runCommand('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'linux-amd64/helm']);
  return readFileSync(join(folder, 'a.tar.gz'));
}

const release = (url: string, pinned: Buffer | string): Release => ({
  set: 'helm',
  platform: 'linux-x64',
  url,
  digest: { algorithm: 'sha256', hex: createHash('sha256').update(pinned).digest('hex') },
  members: { helm: 'linux-amd64/helm' },
});

async function fetchInto(what: Release) {
  const folder = temporaryFolder();
  const lines: string[] = [];
  const patience = { answerMs: 200, pieceMs: 200 };
  return { folder, lines, got: await fetchRelease(what, folder, line => lines.push(line), patience) };
}

it('a release with the pinned digest is unpacked, and its tool can be run', async () => {
  const archive = await archiveOf('echo prebuilt');
  const url = await serve((_, answer) => answer.end(archive));

  const { folder, got } = await fetchInto(release(url, archive));

  expect(got).toBe(true);
  expect(readdirSync(folder)).toEqual(['helm']);
  expect(statSync(join(folder, 'helm')).mode & 0o777).toBe(0o755);
  expect((await runCommand(join(folder, 'helm'), [])).stdout).toBe('prebuilt\n');
});

it('a redirect, as release pages use, is followed', async () => {
  const archive = await archiveOf('echo prebuilt');
  const place = await serve((_, answer) => answer.end(archive));
  const url = await serve((_, answer) => answer.writeHead(302, { location: place }).end());

  expect((await fetchInto(release(url, archive))).got).toBe(true);
});

it.each<[string, RequestListener, RegExp]>([
  ['has another digest', (_, answer) => answer.end('something else'), /another sha256 than is pinned/],
  ['is not found', (_, answer) => answer.writeHead(404).end(), /HTTP 404/],
  ['never answers', () => undefined, /no answer in 0.2 s/],
  [
    'stops in the middle',
    (_, answer) => void answer.writeHead(200, { 'content-length': '1000' }).write('x'),
    /nothing more came for 0.2 s/,
  ],
  [
    'breaks off',
    (_, answer) =>
      void answer.writeHead(200, { 'content-length': '1000' }).write('x', () => answer.destroy()),
    /./,
  ],
])('a release that %s is not used, and one line says why', async (_, listener, reason) => {
  const url = await serve(listener);

  const { folder, lines, got } = await fetchInto(release(url, 'the archive'));

  expect(got).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  expect(lines.at(-1)).toMatch(/^no prebuilt helm from 127\.0\.0\.1:\d+ \(.*\); building it$/);
  expect(lines.at(-1)).toMatch(reason);
});

it('a host that cannot be reached costs one line', async () => {
  const { lines, got } = await fetchInto(release('http://127.0.0.1:1/helm.tar.gz', ''));

  expect(got).toBe(false);
  expect(lines).toHaveLength(1);
});

it('an archive without the tool is not used', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'other'));
  await runCommand('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'other']);
  const archive = readFileSync(join(folder, 'a.tar.gz'));
  const url = await serve((_, answer) => answer.end(archive));

  const result = await fetchInto(release(url, archive));

  expect(result.got).toBe(false);
  expect(result.lines.at(-1)).toMatch(/tar ended with/);
});

it.each(releases)('$url is pinned by a digest of full length', ({ url, digest }) => {
  expect(url).toMatch(/^https:\/\//);
  expect(digest.hex).toMatch(digest.algorithm === 'sha512' ? /^[0-9a-f]{128}$/ : /^[0-9a-f]{64}$/);
});
