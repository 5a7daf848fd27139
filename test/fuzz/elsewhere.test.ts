import { describe, expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { Failure } from '../../src/failure/failure.ts';
import { createRequester } from '../../src/forge/http/requester.ts';
import { remoteOf } from '../../src/git/remote.ts';
import { responseUrls } from '../../src/requests/response-url.ts';
import { memoryTree } from '../declared/tree.ts';

/** Addresses that lead elsewhere: into the cloud's metadata, this machine, another host that looks like the right one. */
const elsewhere = [
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/',
  'http://127.0.0.1:8080/metrics',
  'http://localhost/',
  'http://[::1]/',
  'http://0x7f000001/',
  'http://2130706433/',
  'https://kubernetes.default.svc/',
  'file:///var/run/secrets/kubernetes.io/serviceaccount/token',
  'gopher://127.0.0.1:6379/_',
  'javascript:alert(1)',
  'data:text/plain,x',
  '//evil.example.com/',
];
const likeSlack = [
  'http://hooks.slack.com/commands/1',
  'https://hooks.slack.com.evil.example.com/',
  'https://hooks.slack.com@evil.example.com/',
  'https://hooks.slack.com:8443/',
  'https://evil.example.com/hooks.slack.com',
  'https://hooks.slack.com%2eevil.example.com/',
];
const likeForge = [
  'https://forge.example.com.evil.example.com/api/v1/x',
  'https://forge.example.com@evil.example.com/',
  'http://forge.example.com/api/v1/x',
  'https://forge.example.com:8443/api/v1/x',
];

describe('an answer for Slack', () => {
  it.each([...elsewhere, ...likeSlack])('is not sent to %s', async url => {
    await expect(responseUrls(undefined)(url, {})).rejects.toMatchObject({ code: 'HF1752' });
  });
});

describe('the token of the forge', () => {
  it.each([...elsewhere.filter(url => /^https?:/.test(url)), ...likeForge])(
    'is not sent to %s',
    async url => {
      const requester = createRequester({
        root: 'https://forge.example.com/api/v1',
        headers: { authorization: 'token secret' },
        secrets: ['secret'],
        timeoutMs: 1,
      });
      await expect(requester.get(url)).rejects.toMatchObject({ code: expect.stringMatching(/^HF140[35]$/) });
    },
  );
});

describe('the remote', () => {
  it.each([
    'ext::sh -c id',
    'fd::3',
    '--upload-pack=id',
    '-oProxyCommand=id',
    'ftp://evil.example.com/x',
    'gopher://evil.example.com/x',
    'https://evil.example.com/x\n--upload-pack=id',
    'ssh://git:password@git.example.com/x',
  ])('is never %j', url => {
    expect(() => remoteOf({ url, branch: 'main' })).toThrow(Failure);
  });
});

/** Paths that lead out of the repository, or to what is none of its files. */
const outside = [
  '../secret',
  'manifests/../../secret',
  '/etc/passwd',
  './../secret',
  'manifests/shop/../../../secret',
  '..\\secret',
  'C:\\secret',
  '~/.kube/config',
  'file:///etc/passwd',
  '.git/config',
  'manifests/\0/secret',
];

describe('a path in the repository', () => {
  const asked = async (files: Record<string, string>) => {
    const tree = memoryTree(files);
    const declared = await declare(tree).catch(error => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    const elsewhereAsked = tree.asked.filter(path => !Object.hasOwn(files, path));
    return { declared, elsewhereAsked };
  };

  it.each(outside)('of a unit does not lead to %j', async path => {
    const units = JSON.stringify([{ name: 'shop', driver: 'kubernetes', path }]);
    const { declared, elsewhereAsked } = await asked({ 'holdfast.yaml': `units: ${units}` });

    expect(elsewhereAsked).toEqual([]);
    const objects = declared?.units.flatMap(unit => unit.objects) ?? [];
    expect(objects).toEqual([]);
  });

  it.each([
    ...outside,
    'https://evil.example.com/kustomization',
    'git::https://evil.example.com/x',
    'github.com/evil/x',
  ])('of a kustomization does not lead to %j', async path => {
    const kustomization = `resources: [${JSON.stringify(path)}]\n`;
    const { declared, elsewhereAsked } = await asked({ 'manifests/shop/kustomization.yaml': kustomization });

    expect(elsewhereAsked).toEqual([]);
    const findings = declared?.units.flatMap(unit => unit.findings) ?? [];
    expect(findings.length).toBeGreaterThan(0);
  });

  it.each(outside)('of a file of values does not lead to %j', async path => {
    const units = JSON.stringify([
      { name: 'shop', driver: 'helm', path: 'helm/shop', helm: { valuesFiles: [path] } },
    ]);
    const { elsewhereAsked } = await asked({
      'holdfast.yaml': `units: ${units}`,
      'helm/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    });

    expect(elsewhereAsked).toEqual([]);
  });
});
