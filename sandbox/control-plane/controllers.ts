import type { Supervised } from '../processes/supervise.ts';
import type { Workplace } from '../processes/workplace.ts';
import { certificateFile } from './api-server.ts';

/**
 * Starts the controller manager: ReplicaSets for Deployments, garbage collection, the end of namespaces, default service
 * accounts, autoscaling. It listens on no port.
 */
export function startControllerManager(
  workplace: Workplace,
  program: string,
  kubeconfig: string,
): Supervised {
  return workplace.start('kube-controller-manager', program, [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${workplace.path('sa.key')}`,
    `--root-ca-file=${certificateFile(workplace)}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--use-service-account-credentials=false',
  ]);
}

/** Starts the scheduler, which places Pods on the simulated node. It listens on no port. */
export function startScheduler(workplace: Workplace, program: string, kubeconfig: string): Supervised {
  return workplace.start('kube-scheduler', program, [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
  ]);
}
