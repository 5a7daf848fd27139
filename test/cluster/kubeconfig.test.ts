import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadKubeConfig } from '../../src/cluster/kubeconfig.ts';
import { toFailure } from '../../src/failure/failure.ts';

describe('a kubeconfig that is no valid YAML', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['the lines around the mistake', 'users:\n- user:\n    token: hunter2\n   client: x\n', 4],
    ['an unknown tag', 'users:\n- user:\n    password: !hunter2 x\n', 3],
    ['an unknown alias', 'users:\n- user:\n    password: *hunter2\n', 3],
  ])('names its file and line, and quotes nothing of it: %s', async (_what, text, line) => {
    const kubeconfig = join(folder, 'config');
    writeFileSync(kubeconfig, text);

    const failure = await loadKubeConfig({ kubeconfig }).catch(error => toFailure(error, 'HF1001'));

    expect(failure).toMatchObject({ code: 'HF1304', where: { file: kubeconfig } });
    expect(failure).toHaveProperty('line', expect.stringMatching(new RegExp(`see line ${line}\\b`)));
    expect(failure).toHaveProperty('line', expect.not.stringContaining('hunter2'));
  });
});

describe('a kubeconfig that cannot be read', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), 'clusters: []\nusers: []\ncontexts: []\n');
    symlinkSync('circle', join(folder, 'circle'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const failureOf = (options: Parameters<typeof loadKubeConfig>[0]) =>
    loadKubeConfig(options).catch(error => toFailure(error, 'HF1001'));

  it.each([
    ['a folder', 'folder', 'the kubeconfig cannot be read: it is a folder, not a file'],
    ['nothing', 'none', 'there is no kubeconfig at '],
    ['below a file', 'file/config', 'there is no kubeconfig at '],
    ['a circle of links', 'circle', 'there is no kubeconfig at '],
  ])('is told in words, with its path: %s', async (_what, name, words) => {
    const kubeconfig = join(folder, name);

    const failure = await failureOf({ kubeconfig });

    expect(failure).toMatchObject({ code: 'HF1304' });
    expect(failure).toHaveProperty('line', expect.stringContaining(words));
    expect(failure).toHaveProperty('line', expect.stringContaining(kubeconfig));
  });

  it.each([
    ['a folder', ['folder'], 'folder', 'it is a folder, not a file'],
    ['a folder beside a file', ['file', 'folder'], 'folder', 'it is a folder, not a file'],
    ['below a file', ['file/config'], 'file/config', 'what its path takes for a folder is a file'],
    ['a circle of links', ['circle'], 'circle', 'its path is a circle of symbolic links'],
    ['nothing', ['none'], 'none', 'there is no kubeconfig at '],
  ])('is told also where KUBECONFIG names it: %s', async (_what, names, name, words) => {
    vi.stubEnv('KUBECONFIG', names.map(each => join(folder, each)).join(delimiter));

    const failure = await failureOf({});

    expect(failure).toMatchObject({ code: 'HF1304' });
    expect(failure).toHaveProperty('line', expect.stringContaining(words));
    expect(failure).toHaveProperty('line', expect.stringContaining(join(folder, name)));
  });
});
