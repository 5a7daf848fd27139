import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { type CommandResult, runCommand } from '../../../sandbox/processes/run.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { holdfast } from '../../../sandbox/shop/daemon.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { isFinal, type Sync } from '../../../src/converge/sync.ts';
import { clusterSyncs, type SyncStore } from '../../../src/converge/sync-store.ts';
import type { Role } from '../../../src/daemon/configuration.ts';
import { type DaemonChild, daemonChild } from './daemon-child.ts';
import { installIdentities } from './identities.ts';
import { createPullScenario, type Files, type Person, type PullScenario } from './pulls.ts';
import { settingsOf } from './settings.ts';

type Environment = Readonly<Record<string, string>>;

export interface BenchOptions {
  /** The files of the trust root, `settingsOf` by default; `app` is a namespace that no other test has. */
  files?: (app: string) => Files;
  /** What differs from the usual environment of the daemon; an empty text takes a variable away. */
  env?: Environment;
  /** Servers of the test's own, for tests that break them. */
  gitea?: { url: string; adminToken: string };
  kubeconfig?: string;
  /** The role of the daemon; all by default. */
  role?: Role;
  /** Leaves out Holdfast's own CustomResourceDefinitions. */
  withoutCrds?: boolean;
}

/** A repository on Gitea, a place in the cluster, and `holdfast run` over both. */
export interface DaemonBench extends DaemonChild {
  /** Namespace for what the repository declares; the repository itself declares it. */
  readonly app: string;
  /** Where Holdfast keeps its resources. */
  readonly namespace: string;
  readonly scenario: PullScenario;
  readonly author: Person;
  readonly approver: Person;
  readonly trustRoot: string;
  readonly webhookSecret: string;
  /** Address of probes, metrics and webhook. */
  readonly url: string;
  /** The environment that the daemon gets when it is started next, and the commands get now. */
  env: Record<string, string>;
  readonly syncStore: SyncStore;
  /** Path of the kubeconfig with which a converger beside it runs. */
  readonly converger: string;
  /** A command of Holdfast with the daemon's environment. */
  holdfast(...args: string[]): Promise<CommandResult>;
  holdfastWith(env: Environment, ...args: string[]): Promise<CommandResult>;
  /** Returns stdout; anything but success is thrown. */
  kubectl(...args: string[]): Promise<string>;
  apply(manifests: string): Promise<void>;
  /** Edits the ConfigMap `settings` as people do by hand. */
  setColour(colour: string): Promise<void>;
  colour(): Promise<string>;
  syncs(): Promise<Sync[]>;
  /** Waits for the end of a unit's Sync to a revision. */
  synced(unit: string, revision: string): Promise<Sync>;
  /** Waits until every unit was compared. */
  ready(): Promise<void>;
  /** Merges an approved pull request; returns the new tip. */
  land(files: Files): Promise<string>;
  get(path: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));

/** Prepares everything, and starts nothing yet. */
export async function daemonBench(options: BenchOptions = {}): Promise<DaemonBench> {
  const tag = randomBytes(4).toString('hex');
  const names = { app: `app-${tag}`, namespace: `holdfast-${tag}` };
  const kubeconfig = options.kubeconfig ?? inject('kubeconfig');
  const kubectl = kubectlWith(kubeconfig);
  if (options.withoutCrds !== true) await installCrds(kubectl);
  await kubectl('', 'create', 'namespace', names.namespace);
  // an observer refuses to run with rights that it should not have
  const identities = options.role === 'observer' ? await installIdentities(names.namespace) : undefined;
  const gitea = options.gitea ?? { url: inject('giteaUrl'), adminToken: inject('giteaToken') };
  const scenario = await createPullScenario(gitea);
  const people = {
    author: await scenario.person('author', 'write'),
    approver: await scenario.person('approver', 'write'),
  };
  const trustRoot = await scenario.commit(scenario.owner, 'main', (options.files ?? settingsOf)(names.app));
  const workplace = openWorkplace('daemon');
  mkdirSync(workplace.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  const webhookSecret = randomBytes(16).toString('hex');
  const connection = await Connection.open({ kubeconfig });
  const syncStore = clusterSyncs(new Cluster(connection), names.namespace);
  const role = options.role === undefined ? [] : ['--role', options.role];
  const child = daemonChild(workplace, () => bench.env, role);
  const ofSettings = ['configmap', 'settings', '--namespace', names.app];

  const bench: DaemonBench = {
    ...child,
    ...names,
    ...people,
    scenario,
    trustRoot,
    webhookSecret,
    url: `http://${listen}`,
    env: {
      KUBECONFIG: identities?.observer ?? kubeconfig,
      HOLDFAST_NAMESPACE: names.namespace,
      HOLDFAST_GIT_URL: `${gitea.url}/${scenario.repository}.git`,
      HOLDFAST_GIT_TOKEN: scenario.owner.token,
      HOLDFAST_POLL_SECONDS: '1',
      HOLDFAST_FORGE: 'gitea',
      HOLDFAST_FORGE_URL: gitea.url,
      HOLDFAST_FORGE_REPOSITORY: scenario.repository,
      HOLDFAST_FORGE_TOKEN: scenario.owner.token,
      HOLDFAST_TRUST_ROOT: trustRoot,
      HOLDFAST_WEBHOOK_SECRET: webhookSecret,
      HOLDFAST_DATA: workplace.path('data'),
      HOLDFAST_LISTEN: listen,
      HOLDFAST_HEALTH_SECONDS: '60',
      ...options.env,
    },
    syncStore,
    converger: identities?.converger ?? kubeconfig,
    holdfast: (...args) => bench.holdfastWith({}, ...args),
    holdfastWith: (env, ...args) =>
      runCommand(holdfast, args, {
        env: { PATH: process.env['PATH'], HOME: workplace.dir, ...bench.env, ...env },
        // Less than a test may take: a command that does not end must not outlive the run.
        timeoutMs: 50_000,
      }),
    kubectl: (...args) => kubectl('', ...args),
    apply: async manifests => void (await kubectl(manifests, 'apply', '--server-side', '-f', '-')),
    setColour: async colour =>
      void (await kubectl('', 'patch', ...ofSettings, '-p', JSON.stringify({ data: { colour } }))),
    colour: () => kubectl('', 'get', ...ofSettings, '-o', 'jsonpath={.data.colour}'),
    syncs: () => syncStore.list(),
    synced: (unit, revision) =>
      child.until(`the end of the sync of ${unit} to ${revision.slice(0, 7)}`, async () => {
        const ended = (await syncStore.list()).filter(({ status }) => isFinal(status?.phase ?? 'Pending'));
        return ended.find(({ spec }) => spec.unit === unit && spec.revision === revision);
      }),
    ready: async () =>
      void (await child.until('ready', async () => (await bench.get('/readyz')).status === 200)),
    land: async files => (await scenario.land(people.author, [people.approver], files)).mergeCommit,
    async get(path) {
      const answer = await fetch(`${bench.url}${path}`, { signal: AbortSignal.timeout(10_000) });
      return { status: answer.status, text: await answer.text() };
    },
    async close() {
      await workplace.close();
      await identities?.close();
      connection.close();
    },
  };
  return bench;
}

type Kubectl = (stdin: string, ...args: string[]) => Promise<string>;

function kubectlWith(kubeconfig: string): Kubectl {
  const program = inject('kubectl');
  return async (stdin, ...args) => {
    const result = await runCommand(program, ['--kubeconfig', kubeconfig, ...args], { stdin });
    if (result.code === 0) return result.stdout;
    throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
  };
}

async function installCrds(kubectl: Kubectl): Promise<void> {
  await kubectl('', 'apply', '--server-side', '-f', crds);
  await kubectl('', 'wait', '--for=condition=Established', '-f', crds);
}
