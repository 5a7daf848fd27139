import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { mustKubectl, uniqueNamespace } from '../support/kubectl.ts';

function helm(...args: string[]) {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], KUBECONFIG: inject('kubeconfig') };
  return runCommand(inject('helm'), args, { env });
}

/** A chart with a Deployment, and a Job that runs after each install. */
function writeChart(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-chart-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'templates'));
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  const pod = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'example.invalid/web:1' }] },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: pod },
  };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', annotations: { 'helm.sh/hook': 'post-install' } },
    spec: { template: { spec: { ...pod.spec, restartPolicy: 'Never' } } },
  };
  writeFileSync(join(folder, 'templates', 'web.yaml'), JSON.stringify(deployment));
  writeFileSync(join(folder, 'templates', 'migrate.yaml'), JSON.stringify(job));
  writeFileSync(join(folder, 'templates', 'NOTES.txt'), '{{ .Capabilities.KubeVersion.Version }}');
  return folder;
}

it('it is Helm 3', async () => {
  expect((await helm('version', '--short')).stdout).toMatch(/^v3\.\d+\.\d+/);
});

it('a release is installed, its workload becomes ready and its hook runs to the end', async () => {
  const namespace = await uniqueNamespace('helm');

  const installed = await helm(
    'install',
    'web',
    writeChart(),
    '-n',
    namespace,
    '--wait',
    '--wait-for-jobs',
    '--timeout',
    '60s',
  );

  expect(installed.stderr).toBe('');
  expect(installed.stdout).toContain('STATUS: deployed');
  expect(
    await mustKubectl('-n', namespace, 'get', 'job', 'migrate', '-o', 'jsonpath={.status.succeeded}'),
  ).toBe('1');
});

it('what is rendered without a cluster is rendered for the Kubernetes of the sandbox', async () => {
  const chart = writeChart();
  writeFileSync(
    join(chart, 'templates', 'version.yaml'),
    'version: {{ .Capabilities.KubeVersion.Version }}\n',
  );

  const { stdout } = await helm('template', 'web', chart, '-s', 'templates/version.yaml');

  expect(stdout).toContain('version: v1.34');
});
