import { expect, it } from 'vitest';
import type { ToolName } from '../../../sandbox/tools/catalogue.ts';
import { hasAcceptableVersion, isAcceptable, readVersion } from '../../../sandbox/tools/versions.ts';
import { writeProgram } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kubectl = (version: string) => JSON.stringify({ clientVersion: { gitVersion: version } }, null, 2);

it.each<[ToolName, string, string]>([
  ['etcd', 'etcd Version: 3.6.4\nGit SHA: Not provided (use ./build instead of go build)\n', '3.6.4'],
  ['kube-apiserver', 'Kubernetes v1.34.4\n', '1.34.4'],
  ['kubectl', kubectl('v1.34.4'), '1.34.4'],
  ['kubectl', kubectl('v1.32.4-dispatcher'), '1.32.4-dispatcher'],
  ['kwok', 'kwok version v0.7.0 go1.26.8 (linux/amd64)\n', '0.7.0'],
  ['helm', 'v3.19.4+g7cfb6e4\n', '3.19.4'],
  ['gitea', 'gitea version 1.26.0 built with go1.26.8\n', '1.26.0'],
  ['gitea', 'Gitea version 1.26.0 built with GNU Make 4.4.1, go1.26.2 : bindata, sqlite\n', '1.26.0'],
  ['ansible-playbook', 'ansible-playbook [core 2.19.14]\n  config file = None\n', '2.19.14'],
])('%s says %j: version %s', (tool, printed, version) => {
  expect(readVersion(tool, printed)).toBe(version);
});

it.each<[ToolName, string]>([
  ['kubectl', ''],
  ['kubectl', '{"gitVersion": "vlatest"}'],
  ['helm', 'v3.19\n'],
  ['kube-apiserver', 'Kubernetes v0\n'],
])('%s says %j: no version', (tool, printed) => {
  expect(readVersion(tool, printed)).toBeUndefined();
});

it.each<[ToolName, string, boolean]>([
  ['kubectl', '1.33.0', true],
  ['kubectl', '1.34.9', true],
  ['kubectl', '1.35.2', true],
  ['kubectl', '1.32.4', false],
  ['kubectl', '1.36.0', false],
  ['kubectl', '1.34.4-dispatcher', false],
  ['kubectl', '1.32.4-dispatcher', false],
  ['kube-apiserver', '1.34.1', true],
  ['kube-apiserver', '1.35.0', false],
  ['kube-apiserver', '0.0.0', false],
  ['etcd', '3.5.21', true],
  ['etcd', '3.4.30', false],
  ['helm', '3.18.0', true],
  ['helm', '4.0.0', false],
  ['gitea', '1.26.3', true],
  ['gitea', '1.27.0', false],
  ['ansible-playbook', '2.18.3', true],
  ['ansible-playbook', '2.20.0', false],
  ['moto_server', '5.2.1', false],
])('%s %s may take the place of ours: %s', (tool, version, expected) => {
  expect(isAcceptable(tool, version)).toBe(expected);
});

it.each([
  ['fits', 'echo \'{"gitVersion": "v1.34.0"}\'', true],
  ['is too old', 'echo \'{"gitVersion": "v1.20.0"}\'', false],
  ['is only a wrapper', 'echo \'{"gitVersion": "v1.34.0-dispatcher"}\'', false],
  ['fails', 'echo \'{"gitVersion": "v1.34.0"}\'; exit 1', false],
  ['says nothing', 'true', false],
])('a kubectl that %s', async (_, script, expected) => {
  const program = writeProgram(temporaryFolder(), 'kubectl', script);

  expect(await hasAcceptableVersion('kubectl', program)).toBe(expected);
});
