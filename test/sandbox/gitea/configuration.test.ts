import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { giteaIni } from '../../../sandbox/gitea/configuration.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => void vi.restoreAllMocks());

const ini = (program = '/nowhere/gitea') =>
  giteaIni({
    workFolder: '/work',
    port: 3000,
    program,
    secretKey: 's',
    internalToken: 'i',
    jwtSecret: 'j',
  }).split('\n');

it('it listens on this machine alone, and runs as whoever starts it', () => {
  const lines = ini();

  expect(lines).toContain('HTTP_ADDR = 127.0.0.1');
  expect(lines).toContain('HTTP_PORT = 3000');
  expect(lines).toContain('DISABLE_SSH = true');
  expect(lines).toContain(`RUN_USER = ${userInfo().username}`);
});

it.each([
  ['root', 0, true],
  ['another user', 1000, false],
])('as %s', (_, id, unsafe) => {
  vi.spyOn(process, 'getuid').mockReturnValue(id);

  expect(ini().includes('I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true')).toBe(unsafe);
});

it('the top level settings come before every section', () => {
  const lines = ini();

  expect(lines.findIndex(line => line.startsWith('RUN_USER'))).toBeLessThan(
    lines.findIndex(line => line.startsWith('[')),
  );
});

it('a Gitea with its files beside it is told where they are, a release is not', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'static'));

  expect(ini(join(folder, 'gitea'))).toContain(`STATIC_ROOT_PATH = ${join(folder, 'static')}`);
  expect(ini().some(line => line.startsWith('STATIC_ROOT_PATH'))).toBe(false);
});
