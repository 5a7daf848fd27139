import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofPod, plainKubeConfig } from '../../src/cluster/plain-kubeconfig.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (text: string) => Buffer.from(text).toString('base64');

interface Parts {
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: Record<string, unknown>;
  current?: string;
}

function written({ cluster, user, context, current = 'one' }: Parts = {}): string {
  const file = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user: { token: 'hunter2', ...user } }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u', namespace: 'shop', ...context } },
      { name: 'two', context: { cluster: 'c', user: 'u' } },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe('a plain kubeconfig', () => {
  it('gives server, namespace, token and trust without the library', async () => {
    const kubeconfig = written({
      cluster: { 'certificate-authority-data': base64('ca'), 'tls-server-name': 'api' },
      user: { 'client-certificate-data': base64('cert'), 'client-key-data': base64('key') },
    });

    const config = plainKubeConfig({ kubeconfig });

    expect(config).toMatchObject({ server: 'https://10.0.0.1:6443', namespace: 'shop' });
    expect(await config?.requestOptions()).toEqual({
      headers: { Authorization: 'Bearer hunter2' },
      tls: { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key'), servername: 'api' },
      agent: undefined,
    });
  });

  it('reads files from beside itself', async () => {
    writeFileSync(join(folder, 'ca.pem'), 'ca');
    const config = plainKubeConfig({
      kubeconfig: written({ cluster: { 'certificate-authority': 'ca.pem' } }),
    });

    expect((await config?.requestOptions())?.tls).toEqual({ ca: Buffer.from('ca') });
  });

  it('verifies the server unless told otherwise', async () => {
    const insecure = { 'insecure-skip-tls-verify': true };
    const config = plainKubeConfig({ kubeconfig: written({ cluster: insecure }) });

    expect((await config?.requestOptions())?.tls).toEqual({ rejectUnauthorized: false });
  });

  it('takes the context that is asked for, KUBECONFIG, or the one at home', () => {
    const kubeconfig = written();
    mkdirSync(join(folder, '.kube'));
    writeFileSync(join(folder, '.kube', 'config'), JSON.stringify({ contexts: [] }));

    expect(plainKubeConfig({ kubeconfig, context: 'two' })).toMatchObject({ namespace: 'default' });
    expect(plainKubeConfig({}, { KUBECONFIG: kubeconfig, HOME: folder })).toMatchObject({
      namespace: 'shop',
    });
    expect(plainKubeConfig({}, { HOME: folder })).toBeUndefined();
  });

  it.each<[string, Parts]>([
    ['an exec plugin', { user: { exec: { command: 'aws' } } }],
    ['a provider', { user: { 'auth-provider': { name: 'oidc' } } }],
    ['a token in a file', { user: { tokenFile: '/token' } }],
    ['a password', { user: { username: 'a', password: 'b' } }],
    ['somebody else to act as', { user: { as: 'root' } }],
    ['a proxy', { cluster: { 'proxy-url': 'http://proxy:3128' } }],
    ['a server that is no address', { cluster: { server: 'cluster.local' } }],
    ['a certificate that is not there', { user: { 'client-certificate': 'none.pem' } }],
    [
      'a certificate twice',
      { cluster: { 'certificate-authority': 'a', 'certificate-authority-data': 'YQ==' } },
    ],
    ['a context that is not there', { current: 'three' }],
    ['a cluster that is not there', { context: { cluster: 'd' } }],
  ])('is left to the library with %s', (_what, parts) => {
    expect(plainKubeConfig({ kubeconfig: written(parts) })).toBeUndefined();
  });

  it('is left to the library where several files are named', () => {
    expect(plainKubeConfig({}, { KUBECONFIG: `${written()}:/other` })).toBeUndefined();
  });
});

describe('the service account of a Pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const mount = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };

  it('is read anew each minute, and kept where it cannot be read', async () => {
    mount({ token: 'first\n', 'ca.crt': 'ca', namespace: 'holdfast' });
    let now = 0;
    const config = ofPod(env, folder, () => now);
    const token = async () => (await config?.requestOptions())?.headers['Authorization'];

    expect(config).toMatchObject({ server: 'https://[fd00::1]:443', namespace: 'holdfast' });
    mount({ token: 'second' });
    expect(await token()).toBe('Bearer first');
    now += 60_000;
    expect(await token()).toBe('Bearer second');
    rmSync(join(folder, 'token'));
    now += 60_000;
    expect(await token()).toBe('Bearer second');
  });

  it('is not there outside of a cluster', () => {
    expect(ofPod(env, folder)).toBeUndefined();
    mount({ token: 't', 'ca.crt': 'ca' });
    expect(ofPod({}, folder)).toBeUndefined();
  });
});
