import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  ADMIN,
  writeKubeconfig,
  writeServiceAccountKeys,
  writeTokens,
} from '../../../sandbox/control-plane/credentials.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('each user has a token of its own, and the file is for its owner alone', () => {
  const file = join(temporaryFolder(), 'tokens.csv');

  const tokens = writeTokens(file, [ADMIN, { name: 'observer' }, { name: 'ann', groups: ['dev', 'ops'] }]);

  expect(new Set(tokens.values()).size).toBe(3);
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([
    `${tokens.get('sandbox-admin')},sandbox-admin,1,"system:masters"`,
    `${tokens.get('observer')},observer,2,""`,
    `${tokens.get('ann')},ann,3,"dev,ops"`,
    '',
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each([
  ['a comma', [{ name: 'a,b' }]],
  ['a line break', [{ name: 'a\nroot' }]],
  ['a quote in a group', [{ name: 'a', groups: ['x","system:masters'] }]],
  ['the same name twice', [{ name: 'a' }, { name: 'a' }]],
])('names that would change the meaning of the file are refused: %s', (_, users) => {
  expect(() => writeTokens(join(temporaryFolder(), 'tokens.csv'), users)).toThrow(
    /not a user or group name|named twice/,
  );
});

it('the service account keys belong together', () => {
  const folder = temporaryFolder();

  writeServiceAccountKeys(join(folder, 'sa.key'), join(folder, 'sa.pub'));

  const derived = createPublicKey(createPrivateKey(readFileSync(join(folder, 'sa.key')))).export({
    type: 'spki',
    format: 'pem',
  });
  expect(readFileSync(join(folder, 'sa.pub'), 'utf8')).toBe(derived);
  expect(statSync(join(folder, 'sa.key')).mode & 0o777).toBe(0o600);
});

it('the kubeconfig names server, certificate and token, for its owner alone', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ca.crt'), 'certificate');
  const file = join(folder, 'kubeconfig');

  writeKubeconfig(file, {
    server: 'https://127.0.0.1:1',
    caFile: join(folder, 'ca.crt'),
    user: 'ann',
    token: 't',
  });

  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({
    'current-context': 'sandbox',
    clusters: [
      {
        cluster: {
          server: 'https://127.0.0.1:1',
          'certificate-authority-data': Buffer.from('certificate').toString('base64'),
        },
      },
    ],
    users: [{ name: 'ann', user: { token: 't' } }],
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
