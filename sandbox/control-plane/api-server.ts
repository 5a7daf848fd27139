import { existsSync, readFileSync } from 'node:fs';
import { untilReady } from '../processes/ready.ts';
import type { Supervised } from '../processes/supervise.ts';
import type { Workplace } from '../processes/workplace.ts';
import { askApiServer } from './request.ts';

/** What an API server is started with; the files are in the workplace. */
export interface ApiServerSettings {
  program: string;
  port: number;
  etcd: string;
  tokensFile: string;
  adminToken: string;
  serviceAccountAdmission: boolean;
  extraArgs: readonly string[];
}

/** The address of an API server on this port. */
export function serverUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}

/** The certificate that the API server makes for itself at its first start; clients trust exactly it. */
export function certificateFile(workplace: Workplace): string {
  return workplace.path('certs', 'apiserver.crt');
}

/** The arguments: RBAC, no audit log, ServiceAccount admission unless told otherwise, everything else as shipped. */
export function apiServerArgs(workplace: Workplace, settings: ApiServerSettings): string[] {
  return [
    `--etcd-servers=${settings.etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${settings.port}`,
    `--cert-dir=${workplace.path('certs')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${workplace.path('sa.pub')}`,
    `--service-account-signing-key-file=${workplace.path('sa.key')}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    `--token-auth-file=${settings.tokensFile}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--endpoint-reconciler-type=none',
    ...(settings.serviceAccountAdmission ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...settings.extraArgs,
  ];
}

/** Starts an API server and waits until it is ready for us: it accepts the token that only it and we know. */
export async function startApiServer(workplace: Workplace, settings: ApiServerSettings): Promise<Supervised> {
  const server = serverUrl(settings.port);
  const part = workplace.start('kube-apiserver', settings.program, apiServerArgs(workplace, settings));
  await untilReady(part, async () => {
    const certificate = certificateFile(workplace);
    if (!existsSync(certificate)) return false;
    const address = { server, ca: readFileSync(certificate), token: settings.adminToken };
    if ((await askApiServer(address, '/readyz')).status !== 200) return false;
    return (await askApiServer(address, '/api/v1/namespaces/default')).status === 200;
  });
  return part;
}
