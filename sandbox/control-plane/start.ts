import { readFileSync } from 'node:fs';
import { Failure } from '../../src/failure/failure.ts';
import { onFreePort } from '../processes/ports.ts';
import type { Supervised } from '../processes/supervise.ts';
import { sleepUntil } from '../processes/wait.ts';
import { openWorkplace, type Workplace } from '../processes/workplace.ts';
import { provideTools } from '../tools/provide.ts';
import { type ApiServerSettings, certificateFile, serverUrl, startApiServer } from './api-server.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane.ts';
import { startControllerManager, startScheduler } from './controllers.ts';
import { ADMIN, writeKubeconfig, writeServiceAccountKeys, writeTokens } from './credentials.ts';
import { startEtcd } from './etcd.ts';
import { startNode } from './node.ts';
import { type ApiAddress, askApiServer } from './request.ts';

export type { ControlPlane, ControlPlaneOptions } from './control-plane.ts';

/** Starts a control plane on free ports and resolves when it can be used. On any error nothing is left running. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const tools = await provideTools([
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubectl',
    'kwok',
  ]);
  const workplace = openWorkplace('control-plane');
  try {
    return await startIn(workplace, tools, options);
  } catch (error) {
    await workplace.close();
    throw error;
  }
}

type Programs = Awaited<
  ReturnType<
    typeof provideTools<
      'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubectl' | 'kwok'
    >
  >
>;

async function startIn(
  workplace: Workplace,
  tools: Programs,
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const { controllers = true, node = controllers, serviceAccountAdmission = controllers } = options;
  const tokens = writeTokens(workplace.path('tokens.csv'), [ADMIN, ...(options.users ?? [])]);
  const adminToken = tokens.get(ADMIN.name) ?? '';
  writeServiceAccountKeys(workplace.path('sa.key'), workplace.path('sa.pub'));
  const etcd = await startEtcd(workplace, tools.etcd);
  const api = await onFreePort(async port => {
    const settings: ApiServerSettings = {
      program: tools['kube-apiserver'],
      port,
      etcd: etcd.url,
      tokensFile: workplace.path('tokens.csv'),
      adminToken,
      serviceAccountAdmission,
      extraArgs: options.apiServerArgs ?? [],
    };
    return { settings, part: await startApiServer(workplace, settings) };
  });

  const server = serverUrl(api.settings.port);
  const address: ApiAddress = { server, ca: readFileSync(certificateFile(workplace)), token: adminToken };
  const kubeconfigFor = kubeconfigWriter(workplace, server, tokens);
  const kubeconfig = kubeconfigFor(ADMIN.name);
  const parts: Supervised[] = [];
  if (controllers)
    parts.push(startControllerManager(workplace, tools['kube-controller-manager'], kubeconfig));
  if (node) {
    parts.push(startScheduler(workplace, tools['kube-scheduler'], kubeconfig));
    parts.push(await startNode(workplace, tools.kwok, kubeconfig, address));
  }
  if (controllers) await untilControllersWork(address, parts);
  return {
    kubeconfig,
    server,
    token: adminToken,
    certificate: address.ca,
    dataDir: workplace.dir,
    kubectl: tools.kubectl,
    kubeconfigFor,
    tokenOf: user => tokenOf(tokens, user),
    ...apiServerControls(workplace, api),
    etcd,
    stop: () => workplace.close(),
  };
}

/** The controller manager works when it has made the service account that Pods in `default` need. */
async function untilControllersWork(api: ApiAddress, parts: readonly Supervised[]): Promise<void> {
  const ready = await sleepUntil(async () => {
    if (parts.some(part => !part.running())) return true;
    const answer = await askApiServer(api, '/api/v1/namespaces/default/serviceaccounts/default').catch(
      () => undefined,
    );
    return answer?.status === 200;
  }, 60_000);
  const ended = parts.find(part => !part.running());
  if (ended !== undefined)
    throw new Failure('HF1004', `${ended.name} ended before it was ready:\n${ended.tail()}`);
  if (!ready) throw new Failure('HF1004', 'the controller manager made no service account in 60 s');
}

function apiServerControls(workplace: Workplace, api: { settings: ApiServerSettings; part: Supervised }) {
  const start = async () => {
    if (api.part.running()) return;
    // Only this port will do: clients know it. Should another process have taken it meanwhile, it is waited for.
    await onFreePort(
      async () => {
        api.part = await startApiServer(workplace, api.settings);
      },
      async () => api.settings.port,
      20,
    );
  };
  return {
    killApiServer: () => api.part.kill(),
    startApiServer: start,
    restartApiServer: async () => {
      // It stops listening at once, but would wait a minute for clients to end their watches.
      await api.part.stop(1_500);
      await start();
    },
  };
}

function kubeconfigWriter(workplace: Workplace, server: string, tokens: ReadonlyMap<string, string>) {
  return (user: string): string => {
    const file = workplace.path(
      `${user === ADMIN.name ? 'admin' : `user-${user.replaceAll(':', '-')}`}.kubeconfig`,
    );
    writeKubeconfig(file, { server, caFile: certificateFile(workplace), user, token: tokenOf(tokens, user) });
    return file;
  };
}

function tokenOf(tokens: ReadonlyMap<string, string>, user: string): string {
  const token = tokens.get(user);
  if (token === undefined)
    throw new Failure('HF1004', 'the control plane was started without this user', {
      where: { subject: user },
    });
  return token;
}
