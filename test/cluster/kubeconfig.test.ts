import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
