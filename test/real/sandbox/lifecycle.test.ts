import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { askApiServer } from '../../../sandbox/control-plane/request.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../../sandbox/control-plane/start.ts';
import { startGitea } from '../../../sandbox/gitea/start.ts';
import { environmentOf } from '../../../sandbox/processes/groups.ts';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { MARKER } from '../../../sandbox/processes/stale.ts';
import { temporaryFolder } from '../../sandbox/support/temporary-folder.ts';
import { kubectlWith } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '../../..');

/** A control plane of the test's own, stopped when the test ends. */
async function ownControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const controlPlane = await startControlPlane(options);
  onTestFinished(() => controlPlane.stop());
  return controlPlane;
}

/** How many processes bear the name of this workplace in their environment. */
function processesOf(dir: string): number {
  const marker = `${MARKER}=${basename(dir)}`;
  const ids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return ids.filter(id => environmentOf(Number(id)).includes(marker)).length;
}

const status = async ({ server, certificate, token }: ControlPlane) =>
  (await askApiServer({ server, ca: certificate, token }, '/readyz', { timeoutMs: 1_000 })).status;

it('the API server goes away and comes back with its data, at the same address', async () => {
  const controlPlane = await ownControlPlane({ controllers: false });
  const { kubeconfig } = controlPlane;
  await kubectlWith({ kubeconfig }, 'create', 'configmap', 'kept', '--from-literal=a=b');

  await controlPlane.killApiServer();
  const away = await status(controlPlane).catch(() => 'no answer');
  await controlPlane.startApiServer();
  await controlPlane.restartApiServer();

  expect(away).toBe('no answer');
  expect(await status(controlPlane)).toBe(200);
  expect(
    (await kubectlWith({ kubeconfig }, 'get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}')).stdout,
  ).toBe('b');
});

it('a further user has no rights but those that RBAC gives', async () => {
  const controlPlane = await ownControlPlane({
    controllers: false,
    users: [{ name: 'observer', groups: ['readers'] }],
  });
  const asAdmin = { kubeconfig: controlPlane.kubeconfig };
  const asObserver = { kubeconfig: controlPlane.kubeconfigFor('observer') };

  const before = await kubectlWith(asObserver, 'get', 'configmaps');
  await kubectlWith(asAdmin, 'create', 'clusterrole', 'read', '--verb=get,list', '--resource=configmaps');
  await kubectlWith(asAdmin, 'create', 'clusterrolebinding', 'read', '--clusterrole=read', '--group=readers');

  expect(before.stderr).toContain('User "observer" cannot list resource "configmaps"');
  await waitUntil(
    'the right to read',
    async () => (await kubectlWith(asObserver, 'get', 'configmaps')).code === 0,
  );
  expect((await kubectlWith(asObserver, 'create', 'configmap', 'x')).stderr).toContain('forbidden');
});

// Processes are counted by what /proc tells of them.
it.runIf(process.platform === 'linux')('stop leaves neither process nor data', async () => {
  const controlPlane = await startControlPlane();
  const gitea = await startGitea();
  const before = [processesOf(controlPlane.dataDir), processesOf(gitea.dataDir)];

  await Promise.all([controlPlane.stop(), gitea.stop()]);

  // etcd, API server, controller manager, scheduler, KWOK, each with its watchdog.
  expect(before[0]).toBeGreaterThanOrEqual(5);
  expect(before[1]).toBeGreaterThanOrEqual(1);
  expect([processesOf(controlPlane.dataDir), processesOf(gitea.dataDir)]).toEqual([0, 0]);
  expect(existsSync(controlPlane.dataDir)).toBe(false);
  expect(existsSync(gitea.dataDir)).toBe(false);
});

/** `sandbox/main.ts COMMAND` with a folder for temporary data of its own, away from what other tests and people run. */
function commandIn(tmp: string) {
  const node = join(root, 'node_modules/.bin/node');
  const env = { ...process.env, TMPDIR: tmp };
  const main = join(root, 'sandbox/main.ts');
  return {
    run: (command: string) => runCommand(node, [main, command], { env }),
    /** Starts `up` and gives the control plane's folder when all is up. */
    up: async () => {
      const child = spawn(node, [main, 'up'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      let kubeconfig = '';
      for await (const line of createInterface({ input: child.stdout })) {
        kubeconfig ||= /^export KUBECONFIG=(.+)$/.exec(line)?.[1] ?? '';
        if (line.includes('Ctrl-C')) break;
      }
      return { child, dir: dirname(kubeconfig) };
    },
  };
}

it.runIf(process.platform === 'linux')(
  'after SIGKILL of `up` nothing runs any more, and the next start removes the data',
  async () => {
    const command = commandIn(temporaryFolder());
    const { child, dir } = await command.up();
    const before = processesOf(dir);

    child.kill('SIGKILL');

    expect(before).toBeGreaterThanOrEqual(5);
    await waitUntil('every process to end', () => processesOf(dir) === 0, 10_000);
    expect(existsSync(dir)).toBe(true);
    await command.run('clean');
    expect(existsSync(dir)).toBe(false);
  },
);

it.runIf(process.platform === 'linux').each([
  ['down', (command: ReturnType<typeof commandIn>) => command.run('down')],
  ['Ctrl-C', (_: unknown, child: ChildProcess) => child.kill('SIGINT')],
])('%s ends `up`, its processes and its data', async (_, end) => {
  const command = commandIn(temporaryFolder());
  const { child, dir } = await command.up();
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));

  await end(command, child);

  expect(await ended).toBeGreaterThan(128);
  expect(processesOf(dir)).toBe(0);
  expect(readdirSync(dirname(dir))).toEqual([]);
});

it('Gitea goes away and comes back with its users, at the same address', async () => {
  const gitea = await startGitea();
  onTestFinished(() => gitea.stop());
  const user = await gitea.createUser('ann');

  await gitea.kill();
  const away = await gitea.api('GET', '/version').catch(() => 'no answer');
  await gitea.startAgain();

  expect(away).toBe('no answer');
  expect((await gitea.api('GET', '/user', undefined, user.token)).body).toMatchObject({ login: 'ann' });
});
