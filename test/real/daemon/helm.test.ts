import { afterEach, expect, inject, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import type { Files } from '../support/pulls.ts';

let bench: DaemonBench;
afterEach(() => bench.close());

const values = (colour: string) => `colour: ${colour}\n`;

function shopOf(app: string): Files {
  return {
    'holdfast.yaml': `units:\n  - { name: web, driver: helm, path: helm/web, namespace: ${app} }\n`,
    'manifests/ground/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${app}\n`,
    'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'helm/web/values.yaml': values('green'),
    'helm/web/templates/settings.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  colour: {{ .Values.colour }}\n',
  };
}

async function history(): Promise<string[]> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: inject('kubeconfig') };
  const args = ['history', 'web', '--namespace', bench.app, '-o', 'json'];
  const { stdout } = await runCommand(inject('helm'), args, { env });
  const rows: { status: string; description: string }[] = JSON.parse(stdout);
  return rows.map(({ status, description }) => `${status} ${description}`);
}

it('a merged pull request converges the release, helm names the commit, a revert takes it back, and a rollback by hand is told', async () => {
  bench = await daemonBench({ files: shopOf, env: { HOLDFAST_HELM: inject('helm') } });
  bench.start();
  expect((await bench.synced('web', bench.trustRoot)).status?.phase).toBe('Succeeded');
  expect(await bench.colour()).toBe('green');

  const blue = await bench.land({ 'helm/web/values.yaml': values('blue') });
  expect((await bench.synced('web', blue)).status).toMatchObject({
    phase: 'Succeeded',
    plan: { changes: 2 },
  });
  expect(await bench.colour()).toBe('blue');

  const green = await bench.land({ 'helm/web/values.yaml': values('green') });
  expect((await bench.synced('web', green)).status?.phase).toBe('Succeeded');
  expect(await bench.colour()).toBe('green');
  expect(await history()).toEqual([
    `superseded Holdfast ${bench.trustRoot}`,
    `superseded Holdfast ${blue}`,
    `deployed Holdfast ${green}`,
  ]);

  const told = bench.told().length;
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: inject('kubeconfig') };
  await runCommand(inject('helm'), ['rollback', 'web', '2', '--namespace', bench.app], { env });
  await bench.alert(['Release', 'rolled back by hand to revision 2'], { from: told });
});
