import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import { declare } from '../../../../src/declared/declare.ts';
import { memoryTree } from '../../../declared/tree.ts';

let folder: string;
let digest: string;
let url: string;
let server: http.Server;
let requests: string[];

beforeAll(async () => {
  process.env['HOLDFAST_HELM'] = inject('helm');
  folder = await mkdtemp(join(tmpdir(), 'holdfast-repository-'));
  await mkdir(join(folder, 'web', 'templates'), { recursive: true });
  await writeFile(join(folder, 'web', 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.2.3\n');
  await writeFile(join(folder, 'web', 'values.yaml'), 'colour: red\n');
  await writeFile(
    join(folder, 'web', 'templates', 'a.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { colour: {{ .Values.colour }} }\n',
  );
  const env = { PATH: process.env['PATH'], HOME: folder };
  await runCommand(inject('helm'), ['package', join(folder, 'web'), '-d', folder], { env });
  await runCommand(inject('helm'), ['repo', 'index', folder], { env });
  digest = `sha256:${hash('sha256', await readFile(join(folder, 'web-1.2.3.tgz')), 'hex')}`;
  server = http.createServer(async (request, response) => {
    requests.push(request.url ?? '');
    const file = await readFile(join(folder, (request.url ?? '').slice(1))).catch(() => undefined);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  requests = [];
  process.env['HOLDFAST_DATA'] = await mkdtemp(join(folder, 'data-'));
});
afterAll(async () => {
  delete process.env['HOLDFAST_DATA'];
  server.close();
  await rm(folder, { recursive: true });
});

async function unitOf(
  chart: { version?: string; digest?: string; repository?: string },
  fetchCharts?: boolean,
) {
  const pinned = { repository: url, name: 'web', version: '1.2.3', digest, ...chart };
  const unit = {
    name: 'web',
    driver: 'helm',
    path: 'helm/web',
    helm: { chart: pinned, values: { size: 1 } },
  };
  const tree = memoryTree({
    'holdfast.yaml': JSON.stringify({ units: [unit] }),
    'helm/web/values.yaml': 'colour: blue\n',
  });
  const { units } = await declare(tree, { fetchCharts });
  return units[0];
}

it('a pinned chart is fetched once, rendered with the values of the repository, and kept by its digest', async () => {
  const unit = await unitOf({});
  expect(unit?.findings).toEqual([]);
  expect(unit?.objects[0]?.object['data']).toEqual({ colour: 'blue' });
  expect(requests).toEqual(['/index.yaml', '/web-1.2.3.tgz']);
  expect((await unitOf({}))?.objects).toHaveLength(1);
  expect(requests).toHaveLength(2);
});

it('for a revision that nobody authorized nothing is fetched', async () => {
  const unit = await unitOf({}, false);
  expect(unit?.findings[0]?.message).toMatch(/^HF1803 .*not fetched for a revision that nobody authorized/);
  expect(requests).toEqual([]);
  await unitOf({});
  expect((await unitOf({}, false))?.objects).toHaveLength(1);
});

it.each<[string, Parameters<typeof unitOf>[0], RegExp]>([
  ['another digest', { digest: `sha256:${'0'.repeat(64)}` }, /^HF1804 .* has the digest sha256:.* is pinned/],
  ['a version that is not there', { version: '9.9.9' }, /^HF1803 .*no such chart or version/],
  ['a repository that is not there', { repository: 'http://127.0.0.1:1' }, /^HF1803 .*cannot be reached/],
])('%s: unknown, and worth another try', async (_, chart, words) => {
  const unit = await unitOf(chart);
  expect(unit).toMatchObject({ unrendered: 'passing', objects: [] });
  expect(unit?.findings).toMatchObject([{ type: 'unknown', message: expect.stringMatching(words) }]);
});
