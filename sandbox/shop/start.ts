import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../src/failure/failure.ts';
import { freePort } from '../processes/ports.ts';
import { runCommand } from '../processes/run.ts';
import { openWorkplace, type Workplace } from '../processes/workplace.ts';
import { type Sandbox, startSandbox } from '../up.ts';
import { type ShopDaemon, startDaemon } from './daemon.ts';
import { prepareForge, type ShopForge } from './forge.ts';

/** The shop in the sandbox: its cluster, its repository on Gitea, and Holdfast watching over both. */
export interface Shop {
  readonly sandbox: Sandbox;
  readonly forge: ShopForge;
  readonly workplace: Workplace;
  readonly daemon: ShopDaemon;
  /** A checkout of the repository. */
  readonly checkout: string;
  /** The daemon's environment, which is also that of `holdfast verify`, `sync` and `status`. */
  readonly env: Readonly<Record<string, string>>;
  kubectl(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

const crds = fileURLToPath(new URL('../../manifests/holdfast/crds', import.meta.url));

/** Starts everything; `say` is called before each step that takes a moment. On any error nothing is left running. */
export async function startShop(say: (step: string) => void): Promise<Shop> {
  say('starting a control plane with one simulated node, and Gitea');
  const sandbox = await startSandbox();
  const workplace = openWorkplace('shop');
  const stop = async () => {
    await workplace.close();
    await sandbox.stop();
  };
  try {
    return await startIn(sandbox, workplace, stop, say);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startIn(
  sandbox: Sandbox,
  workplace: Workplace,
  stop: () => Promise<void>,
  say: (step: string) => void,
): Promise<Shop> {
  const { controlPlane, gitea } = sandbox;
  const kubectl = async (...args: string[]): Promise<string> => {
    const result = await runCommand(controlPlane.kubectl, ['--kubeconfig', controlPlane.kubeconfig, ...args]);
    if (result.code !== 0) throw new Failure('HF1004', `kubectl ${args[0]} failed: ${result.stderr.trim()}`);
    return result.stdout.trim();
  };
  say('making a repository with three people and a protected branch');
  const checkout = workplace.path('infrastructure');
  const forge = await prepareForge(gitea, checkout);
  await kubectl('apply', '--server-side', '-f', crds);
  await kubectl('wait', '--for=condition=Established', '-f', crds);
  await kubectl('create', 'namespace', 'holdfast');
  const port = await freePort();
  const env = {
    KUBECONFIG: controlPlane.kubeconfig,
    HOLDFAST_GIT_URL: `${gitea.url}/${forge.repository}.git`,
    HOLDFAST_GIT_TOKEN: forge.people.holdfast.token,
    HOLDFAST_POLL_SECONDS: '5',
    HOLDFAST_FORGE: 'gitea',
    HOLDFAST_FORGE_URL: gitea.url,
    HOLDFAST_FORGE_REPOSITORY: forge.repository,
    HOLDFAST_FORGE_TOKEN: forge.people.holdfast.token,
    HOLDFAST_TRUST_ROOT: forge.trustRoot,
    HOLDFAST_WEBHOOK_SECRET: forge.webhookSecret,
    HOLDFAST_DATA: workplace.path('data'),
    HOLDFAST_LISTEN: `127.0.0.1:${port}`,
    HOLDFAST_HEALTH_SECONDS: '60',
    ...slackFrom(process.env),
  };
  mkdirSync(env.HOLDFAST_DATA);
  await forge.tell(`http://127.0.0.1:${port}/hooks/forge`);
  say('starting Holdfast');
  const daemon = startDaemon(workplace, env);
  return { sandbox, forge, workplace, daemon, checkout, env, kubectl, stop };
}

/** Slack is told as well where whoever runs the sandbox has it set up. */
function slackFrom(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['SLACK_BOT_TOKEN', 'HOLDFAST_SLACK_CHANNEL'] as const;
  return Object.fromEntries(names.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])));
}
