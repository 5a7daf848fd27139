import { Failure } from '../../src/failure/failure.ts';
import { untilReady } from '../processes/ready.ts';
import type { Supervised } from '../processes/supervise.ts';
import type { Workplace } from '../processes/workplace.ts';
import { type ApiAddress, askApiServer } from './request.ts';

/** The name of the simulated node. */
export const NODE = 'sandbox-node';

const capacity = { cpu: '64', memory: '256Gi', pods: '1000', 'ephemeral-storage': '500Gi' };

/** A node that no kubelet serves: KWOK keeps it Ready and plays the life of its Pods. */
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: NODE,
    annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
    labels: {
      'kubernetes.io/hostname': NODE,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      type: 'kwok',
    },
  },
  status: { capacity, allocatable: capacity },
};

/**
 * Starts KWOK and one node. With its built-in stages a Pod of a Job succeeds at once, every other Pod becomes ready, and
 * a deleted Pod goes. Resolves when the node is Ready.
 */
export async function startNode(
  workplace: Workplace,
  program: string,
  kubeconfig: string,
  api: ApiAddress,
): Promise<Supervised> {
  const made = await askApiServer(api, '/api/v1/nodes', { method: 'POST', body: node });
  if (made.status !== 201)
    throw new Failure('HF1004', `the API server did not take the node: ${made.body.slice(0, 500)}`);
  const kwok = workplace.start('kwok', program, [
    `--kubeconfig=${kubeconfig}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    '--v=WARN',
  ]);
  await untilReady(kwok, async () => isReady((await askApiServer(api, `/api/v1/nodes/${NODE}`)).body));
  return kwok;
}

function isReady(body: string): boolean {
  return /"type":\s*"Ready",\s*"status":\s*"True"/.test(body);
}
