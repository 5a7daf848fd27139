import type { Case } from './support/case.ts';
import { planned } from './support/converging.ts';
import {
  anything,
  configMap,
  container,
  deployment,
  documents,
  ofNamespaces,
  thing,
  thingDefinition,
} from './support/manifests.ts';
import { unreachable } from './support/unreachable.ts';
import { verdictWords } from './support/verdict-words.ts';

/** Where the comparison itself is led astray: refusals, ignore rules, kinds that are left out elsewhere. */
export const missedComparisons: readonly Case[] = [
  {
    id: 'N06',
    words: 'a new tag in Git for a custom resource whose spec has no schema',
    expected: ['in sync', 'changed Thing ~/spec/deep/image by kubectl'],
    play: async bench => {
      await bench.define(thingDefinition(`{ type: object, properties: { spec: ${anything} } }`));
      await bench.bring(
        thing('{ deep: { image: "web:1", list: [{ a: 1 }] } }'),
        'server-side apply by kubectl',
      );
      return [
        await bench.verdict(thing('{ deep: { image: "web:1", list: [{ a: 1 }] } }')),
        await bench.verdict(thing('{ deep: { image: "web:2", list: [{ a: 1 }] } }')),
      ];
    },
  },
  {
    id: 'N10',
    words: 'an ignore rule on one item of a list: its siblings are compared and converged',
    expected: [
      `changed Deployment ~${container}/env/name=B/value by kubectl-set; left out: theirs by kubectl-set`,
      `change Deployment ${container}/env/name=B/value`,
    ],
    play: async bench => {
      const manifest = deployment({ container: 'env: [{ name: A, value: "1" }, { name: B, value: "2" }]' });
      const settings =
        'ignore:\n  - { resource: { kind: Deployment }, paths: ["/spec/template/spec/containers/name=web/env/name=A"], reason: theirs }\n';
      await bench.bring(manifest);
      await bench.kubectl('set', 'env', 'deployment/it', 'A=7', 'B=8');
      return [await bench.verdict(manifest, settings), await planned(bench, manifest, settings)];
    },
  },
  {
    id: 'N11',
    words: 'a key that Git dropped from a ConfigMap, whoever applied it',
    expected: [
      'undeclared ConfigMap +/data/b by holdfast',
      'undeclared ConfigMap +/data/b by kubectl',
      'undeclared ConfigMap +/data/b by kubectl-client-side-apply',
      'undeclared ConfigMap +/data/b by kubectl-create',
    ],
    play: async bench => [
      ...(
        await bench.inEveryWay(configMap('{ a: "1", b: "2" }'), undefined, configMap('{ a: "1" }'))
      ).values(),
    ],
  },
  {
    id: 'N14',
    words: 'a Job that is a hook elsewhere is compared like any other',
    expected: ['in sync', 'changed Job HF1306 ~/spec/template/spec/containers/name=c/image by holdfast'],
    play: async bench => {
      const job = (image: string) => `apiVersion: batch/v1
kind: Job
metadata: { name: NAME, namespace: NS, annotations: { argocd.argoproj.io/hook: PreSync } }
spec: { suspend: true, template: { spec: { restartPolicy: Never, containers: [{ name: c, image: "${image}" }] } } }
`;
      await bench.bring(job('example.com/c:1'));
      return [await bench.verdict(job('example.com/c:1')), await bench.verdict(job('example.com/c:2'))];
    },
  },
  {
    id: 'N15',
    words: 'nothing answers: the unit is unknown, never empty',
    expected: ['unknown Unit HF1301'],
    play: async bench => [verdictWords(await unreachable(bench.fill(configMap('{ a: "1" }'))))],
  },
  {
    id: 'N16',
    words: 'EndpointSlice, Lease and Endpoints in Git are compared as all others',
    expected: [
      'in sync',
      'changed EndpointSlice ~/endpoints/0/addresses/0 by kubectl-patch; changed Endpoints ~/subsets/0/addresses/0/ip by kubectl-patch; changed Lease ~/spec/leaseDurationSeconds by kubectl-patch',
    ],
    play: async bench => {
      const manifests = documents(
        'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: NAME, namespace: NS }\naddressType: IPv4\nendpoints: [{ addresses: [10.1.1.1] }]\nports: [{ name: http, port: 80 }]\n',
        'apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: NAME, namespace: NS }\nspec: { leaseDurationSeconds: 10 }\n',
        'apiVersion: v1\nkind: Endpoints\nmetadata: { name: "NAME-e", namespace: NS }\nsubsets: [{ addresses: [{ ip: 10.1.1.1 }] }]\n',
      );
      await bench.bring(manifests);
      const told = [await bench.verdict(manifests)];
      await bench.patchAs('kubectl-patch', 'endpointslice/it', {
        op: 'replace',
        path: '/endpoints/0/addresses/0',
        value: '10.1.1.9',
      });
      await bench.patchAs('kubectl-patch', 'lease/it', {
        op: 'replace',
        path: '/spec/leaseDurationSeconds',
        value: 99,
      });
      await bench.patchAs('kubectl-patch', 'endpoints/it-e', {
        op: 'replace',
        path: '/subsets/0/addresses/0/ip',
        value: '10.1.1.9',
      });
      return [...told, await bench.verdict(manifests)];
    },
  },
  {
    id: 'N17',
    words: 'objects that are in no file: made by hand they are told, where the unit manages the namespace',
    expected: [
      `in sync; ${ofNamespaces}`,
      'in sync',
      `unmanaged ConfigMap +/metadata/creationTimestamp by kubectl-create; unmanaged Deployment +/metadata/creationTimestamp by kubectl-client-side-apply; ${ofNamespaces}`,
    ],
    play: async bench => {
      const manifest = configMap('{ a: "1" }');
      const settings =
        'units:\n  - { name: shop, driver: kubernetes, path: manifests/shop, manages: [NS] }\n';
      await bench.bring(manifest);
      const told = [await bench.verdict(manifest, settings)];
      await bench.kubectl('create', 'configmap', 'stray', '--from-literal=a=b');
      await bench.bring(deployment({ spec: 'replicas: 2' }), 'client-side kubectl apply', 'stray');
      await bench.until('its Pods', async () =>
        (await bench.kubectl('get', 'pods', '-o', 'name')).includes('stray'),
      );
      return [...told, await bench.verdict(manifest), await bench.verdict(manifest, settings)];
    },
  },
];
