import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { type CommandResult, runCommand } from '../../../sandbox/processes/run.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { holdfast, type ShopDaemon, startDaemon } from '../../../sandbox/shop/daemon.ts';
import { isFinal, type Sync, syncSchema } from '../../../src/converge/sync.ts';
import { createPullScenario, type Files, type Person, type PullScenario } from './pulls.ts';
import { waitUntil } from './wait-until.ts';

type Environment = Readonly<Record<string, string>>;

export interface BenchOptions {
  /** The files of the trust root; `app` is a namespace that no other test has. */
  files?: (app: string) => Files;
  /** What differs from the usual environment of the daemon; an empty text takes a variable away. */
  env?: (bench: DaemonBench) => Environment;
  /** Servers of the test's own, for tests that break them. */
  gitea?: { url: string; adminToken: string };
  kubeconfig?: string;
  /** Leaves out Holdfast's own CustomResourceDefinitions. */
  withoutCrds?: boolean;
}

/** A repository on Gitea, a place in the cluster, and `holdfast run` over both, to be killed and started at will. */
export interface DaemonBench {
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
  /** The environment of the daemon, as it is (started again) from now on. */
  env: Record<string, string>;
  start(): void;
  running(): boolean;
  /** SIGKILL to the daemon itself. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit status and how long it took. What does not end in 15 s is killed (137). */
  stop(): Promise<{ status: number; ms: number }>;
  /** The status that it ends with by itself. */
  ended(): Promise<number>;
  /** Everything that all starts have told. */
  told(): string;
  /** Everything that all starts have logged. */
  log(): string;
  /** Waits for a block that holds all of these words, among those told after the first `from` characters. */
  alert(words: readonly string[], options?: { from?: number; ms?: number }): Promise<string>;
  /** Waits for a line of the log that holds all of these words. */
  logged(words: readonly string[], options?: { from?: number; ms?: number }): Promise<string>;
  /** A command of Holdfast with the daemon's environment. */
  holdfast(...args: string[]): Promise<CommandResult>;
  holdfastWith(env: Environment, ...args: string[]): Promise<CommandResult>;
  /** Returns stdout; anything but success is thrown. */
  kubectl(...args: string[]): Promise<string>;
  apply(manifests: string): Promise<void>;
  syncs(): Promise<Sync[]>;
  /** Waits for the end of a unit's Sync to a revision. */
  synced(unit: string, revision: string, ms?: number): Promise<Sync>;
  /** Merges an approved pull request; returns the new tip. */
  land(files: Files): Promise<string>;
  get(path: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));
const list = z.object({ items: z.array(syncSchema) });

/** Prepares everything, and starts nothing yet. */
export async function daemonBench(options: BenchOptions = {}): Promise<DaemonBench> {
  const tag = randomBytes(4).toString('hex');
  const app = `app-${tag}`;
  const namespace = `holdfast-${tag}`;
  const kubeconfig = options.kubeconfig ?? inject('kubeconfig');
  const gitea = options.gitea ?? { url: inject('giteaUrl'), adminToken: inject('giteaToken') };
  const program = inject('kubectl');
  const run = async (stdin: string, args: readonly string[]): Promise<string> => {
    const result = await runCommand(program, ['--kubeconfig', kubeconfig, ...args], { stdin });
    if (result.code !== 0)
      throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
    return result.stdout;
  };
  if (options.withoutCrds !== true) {
    await run('', ['apply', '--server-side', '-f', crds]);
    await run('', ['wait', '--for=condition=Established', '-f', crds]);
  }
  await run('', ['create', 'namespace', namespace]);

  const scenario = await createPullScenario(gitea);
  const author = await scenario.person('author', 'write');
  const approver = await scenario.person('approver', 'write');
  const trustRoot = await scenario.commit(scenario.owner, 'main', (options.files ?? settingsOf)(app));
  const workplace = openWorkplace('daemon');
  const data = workplace.path('data');
  mkdirSync(data);
  const port = await freePort();
  const webhookSecret = randomBytes(16).toString('hex');
  let daemon: ShopDaemon | undefined;
  const read = (file: string) =>
    existsSync(workplace.path(file)) ? readFileSync(workplace.path(file), 'utf8') : '';
  const running = () => daemon?.process.running() === true;

  /** Looks again and again; a daemon that ended meanwhile is no use waiting for. */
  const eventually = <T>(
    what: string,
    look: () => Promise<T | undefined> | T | undefined,
    ms: number,
  ): Promise<T> =>
    waitUntil(what, look, ms).catch(error => {
      const state = running() ? 'runs' : 'does not run';
      throw new Error(
        `${error.message}; the daemon ${state}; it told:\n${bench.told().slice(-2_000)}\nlog:\n${bench.log().slice(-3_000)}`,
      );
    });
  const wordsIn = (text: string, separator: string, words: readonly string[]): string | undefined =>
    text
      .split(separator)
      .find(part => words.every(word => part.includes(word)))
      ?.trim();

  const bench: DaemonBench = {
    app,
    namespace,
    scenario,
    author,
    approver,
    trustRoot,
    webhookSecret,
    url: `http://127.0.0.1:${port}`,
    env: {},
    start() {
      if (running()) throw new Error('the daemon runs already');
      daemon = startDaemon(workplace, bench.env);
    },
    running,
    async kill() {
      await daemon?.process.kill();
    },
    async stop() {
      const began = performance.now();
      await daemon?.process.stop(15_000);
      return { status: (await daemon?.process.ended) ?? 0, ms: performance.now() - began };
    },
    ended: () => daemon?.process.ended ?? Promise.resolve(0),
    told: () => read('console.log'),
    log: () => read('daemon.log'),
    alert: (words, { from = 0, ms = 30_000 } = {}) =>
      eventually(
        `an alert with ${words.join(', ')}`,
        () => wordsIn(bench.told().slice(from), '\n\n', words),
        ms,
      ),
    logged: (words, { from = 0, ms = 30_000 } = {}) =>
      eventually(
        `a line of the log with ${words.join(', ')}`,
        () => wordsIn(bench.log().slice(from), '\n', words),
        ms,
      ),
    holdfast: (...args) => bench.holdfastWith({}, ...args),
    holdfastWith: (env, ...args) =>
      runCommand(holdfast, args, {
        env: { PATH: process.env['PATH'], HOME: workplace.dir, ...bench.env, ...env },
        timeoutMs: 120_000,
      }),
    kubectl: (...args) => run('', args),
    apply: async manifests => void (await run(manifests, ['apply', '--server-side', '-f', '-'])),
    async syncs() {
      const text = await run('', ['get', 'syncs', '--namespace', namespace, '--output', 'json']);
      return list.parse(JSON.parse(text)).items;
    },
    synced: (unit, revision, ms = 60_000) =>
      eventually(
        `the end of the sync of ${unit} to ${revision.slice(0, 7)}`,
        async () =>
          (await bench.syncs()).find(
            ({ spec, status }) =>
              spec.unit === unit && spec.revision === revision && isFinal(status?.phase ?? 'Pending'),
          ),
        ms,
      ),
    land: async files => (await scenario.land(author, [approver], files)).mergeCommit,
    async get(path) {
      const answer = await fetch(`${bench.url}${path}`, { signal: AbortSignal.timeout(10_000) });
      return { status: answer.status, text: await answer.text() };
    },
    async close() {
      await workplace.close();
      await run('', ['delete', 'namespace', app, namespace, '--ignore-not-found', '--wait=false']).catch(
        () => undefined,
      );
    },
  };
  bench.env = {
    KUBECONFIG: kubeconfig,
    HOLDFAST_NAMESPACE: namespace,
    HOLDFAST_GIT_URL: `${gitea.url}/${scenario.repository}.git`,
    HOLDFAST_GIT_TOKEN: scenario.owner.token,
    HOLDFAST_POLL_SECONDS: '0.5',
    HOLDFAST_FORGE: 'gitea',
    HOLDFAST_FORGE_URL: gitea.url,
    HOLDFAST_FORGE_REPOSITORY: scenario.repository,
    HOLDFAST_FORGE_TOKEN: scenario.owner.token,
    HOLDFAST_TRUST_ROOT: trustRoot,
    HOLDFAST_WEBHOOK_SECRET: webhookSecret,
    HOLDFAST_DATA: data,
    HOLDFAST_LISTEN: `127.0.0.1:${port}`,
    HOLDFAST_HEALTH_SECONDS: '60',
  };
  bench.env = { ...bench.env, ...options.env?.(bench) };
  return bench;
}

/** One unit `settings`: a namespace and a ConfigMap in it, `settings` with `colour: green`. */
export function settingsOf(app: string): Files {
  return {
    'manifests/settings/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${app}\n`,
    'manifests/settings/settings.yaml': configMap(app, 'settings', { colour: 'green' }),
  };
}

/** A ConfigMap as a manifest. */
export function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): string {
  const lines = Object.entries(data).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n${lines.join('')}`;
}
