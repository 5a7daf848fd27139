import type { Case } from './support/case.ts';
import { planned } from './support/converging.ts';
import { deployment } from './support/manifests.ts';

const autoscaler = (replicas: number) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: NAME, namespace: NS }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: NAME }, minReplicas: ${replicas}, maxReplicas: 9 }
`;

/** Beside the reference: who may hold what Git declares. */
export const legitimateOwners: readonly Case[] = [
  {
    id: 'O01',
    words:
      'the autoscaler of the controller manager sets replicas; converging leaves them to it; a hand is drift',
    expected: [
      'in sync; left out: replicas set through the scale subresource by a controller by kube-controller-manager',
      'nothing',
      'changed Deployment ~/spec/replicas by kubectl',
    ],
    play: async bench => {
      const manifest = deployment({ spec: 'replicas: 1' });
      await bench.bring(manifest);
      await bench.bring(autoscaler(3));
      const replicas = () => bench.kubectl('get', 'deployment', 'it', '-o', 'jsonpath={.spec.replicas}');
      await bench.until('the autoscaler to scale', async () => (await replicas()) === '3', 90_000);
      const told = [await bench.verdict(manifest), await planned(bench, manifest)];
      await bench.kubectl('delete', 'hpa', 'it');
      await bench.kubectl('scale', 'deployment/it', '--replicas=5');
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'O02',
    words:
      'a hand that writes through scale under a controller’s name is not told from it: names are chosen by the client',
    expected: [
      'in sync; left out: replicas set through the scale subresource by a controller by kube-controller-manager',
      'changed Deployment ~/spec/replicas by kube-controller-manager',
    ],
    play: async bench => {
      const manifest = deployment({ spec: 'replicas: 1' });
      await bench.bring(manifest);
      await bench.kubectl(
        'patch',
        'deployment',
        'it',
        '--subresource=scale',
        '--type=merge',
        '--field-manager=kube-controller-manager',
        '-p',
        '{"spec":{"replicas":4}}',
      );
      const told = [await bench.verdict(manifest)];
      await bench.patchAs('kube-controller-manager', 'deployment/it', {
        op: 'replace',
        path: '/spec/replicas',
        value: 2,
      });
      return [...told, await bench.verdict(manifest)];
    },
  },
];
