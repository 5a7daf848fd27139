import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../../sandbox/control-plane/start.ts';
import { type Gitea, startGitea } from '../../sandbox/gitea/start.ts';
import { freePort } from '../../sandbox/processes/ports.ts';
import { runCommand } from '../../sandbox/processes/run.ts';
import { openWorkplace, type Workplace } from '../../sandbox/processes/workplace.ts';
import { FakeSlack } from '../fakes/slack/slack.ts';
import { type DaemonChild, daemonChild } from '../real/support/daemon-child.ts';
import { createPullScenario, type Person, type PullScenario } from '../real/support/pulls.ts';
import { type Cut, startCut } from './cut.ts';
import { type Pools, repositoryFiles } from './pools.ts';

export const namespace = 'holdfast';

/** One of the two replicas, which can be killed and has a disk and a clock of its own. */
export interface Replica {
  child: DaemonChild;
  workplace: Workplace;
  data: string;
  clock: string;
}

/** Everything that a run needs: real servers, two daemons of both roles, and a way to break each of them. */
export interface World {
  plane: ControlPlane;
  gitea: Gitea;
  slack: FakeSlack;
  /** Between the daemons and the API server; between them and Git and the forge. */
  toApi: Cut;
  toForge: Cut;
  scenario: PullScenario;
  author: Person;
  approver: Person;
  replicas: Replica[];
  kubectl(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openWorld(pools: Pools): Promise<World> {
  const [plane, gitea, slack] = await Promise.all([
    startControlPlane({ controllers: false }),
    startGitea(),
    FakeSlack.start(),
  ]);
  const toApi = await startCut({ host: '127.0.0.1', port: Number(new URL(plane.server).port) });
  const toForge = await startCut({ host: '127.0.0.1', port: Number(new URL(gitea.url).port) });
  const kubectl = async (...args: string[]) => {
    const all = ['--kubeconfig', plane.kubeconfig, ...args];
    const { code, stdout, stderr } = await runCommand(plane.kubectl, all);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  await kubectl('apply', '--server-side', '-f', 'manifests/holdfast/crds');
  await kubectl('wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds');
  await kubectl('create', 'namespace', namespace);
  const scenario = await createPullScenario(gitea);
  const author = await scenario.person('author', 'write');
  const approver = await scenario.person('approver', 'write');
  const trustRoot = await scenario.commit(scenario.owner, 'main', repositoryFiles(pools));
  const environment = {
    HOLDFAST_NAMESPACE: namespace,
    HOLDFAST_GIT_URL: `http://127.0.0.1:${toForge.port}/${scenario.repository}.git`,
    HOLDFAST_GIT_TOKEN: scenario.owner.token,
    HOLDFAST_POLL_SECONDS: '2',
    HOLDFAST_FORGE: 'gitea',
    HOLDFAST_FORGE_URL: `http://127.0.0.1:${toForge.port}`,
    HOLDFAST_FORGE_REPOSITORY: scenario.repository,
    HOLDFAST_FORGE_TOKEN: scenario.owner.token,
    HOLDFAST_TRUST_ROOT: trustRoot,
    HOLDFAST_EVENTS: 'false',
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
  };
  const replicas = await Promise.all(
    ['one', 'two'].map(name => openReplica(name, { plane, toApi, environment })),
  );
  return {
    ...{ plane, gitea, slack, toApi, toForge, scenario, author, approver, replicas, kubectl },
    async close() {
      for (const { child, workplace } of replicas) {
        await child.kill();
        await workplace.close();
      }
      await Promise.all([toApi.close(), toForge.close(), slack.close(), gitea.stop(), plane.stop()]);
    },
  };
}

async function openReplica(
  name: string,
  parts: { plane: ControlPlane; toApi: Cut; environment: Record<string, string> },
): Promise<Replica> {
  const { plane, toApi, environment } = parts;
  const workplace = openWorkplace(`faults-${name}`);
  const [data, clock, kubeconfig] = [
    workplace.path('data'),
    workplace.path('clock'),
    workplace.path('config'),
  ];
  mkdirSync(data);
  mount(data);
  writeFileSync(clock, '0');
  const admin = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, admin.replaceAll(plane.server, `https://127.0.0.1:${toApi.port}`), {
    mode: 0o600,
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const env = {
    ...environment,
    KUBECONFIG: kubeconfig,
    HOLDFAST_DATA: data,
    HOLDFAST_LISTEN: listen,
    FAULTS_CLOCK: clock,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'clock.mjs')}`,
  };
  return { child: daemonChild(workplace, () => env), workplace, data, clock };
}

/** Whether the folders for data are file systems of their own, which can run full without harm to others. */
export let ownDisks = true;

function mount(folder: string): void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    ownDisks = false;
  }
}

/** Fills the disk of a replica to the last byte; the returned function makes room again. */
export function fillDisk({ data }: Replica): () => void {
  const file = join(data, 'filler');
  const block = Buffer.alloc(256 * 1024);
  const blocks: Buffer[] = [];
  for (let size = 0; size < 32; size += block.length / 1024 / 1024) blocks.push(block);
  try {
    writeFileSync(file, Buffer.concat(blocks));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return () => rmSync(file, { force: true });
}
