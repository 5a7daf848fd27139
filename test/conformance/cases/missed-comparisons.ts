import type { Case } from './support/case.ts';
import { converge, planned } from './support/converging.ts';
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

const service =
  'apiVersion: v1\nkind: Service\nmetadata: { name: NAME, namespace: NS }\nspec: { selector: { app: NAME }, ports: [{ name: http, port: 80 }, { name: admin, port: 81 }] }\n';

/** Where the comparison itself is led astray: refusals, ignore rules, kinds that are left out elsewhere. */
export const missedComparisons: readonly Case[] = [
  {
    id: 'N05',
    words: 'Git changes what cannot be changed: the dry run fails, and that is never in sync',
    expected: [
      'changed Deployment HF1306 ~/spec/selector/matchLabels/app by holdfast ~/spec/template/metadata/labels/app by holdfast',
    ],
    play: async bench => {
      await bench.bring(deployment());
      const moved = deployment()
        .replace('matchLabels: { app: NAME }', 'matchLabels: { app: moved }')
        .replace('metadata: { labels: { app: NAME }', 'metadata: { labels: { app: moved }');
      return [await bench.verdict(moved)];
    },
  },
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
    id: 'N09',
    words: 'a ConfigMap with a key that is none, and one with a number as a value',
    expected: ['invalid ConfigMap HF1306', 'invalid ConfigMap HF1306'],
    play: async bench => [
      await bench.verdict(configMap('{ "no key": x }')),
      await bench.verdict(configMap('{ a: 7 }')),
    ],
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
    id: 'N12',
    words: 'a new object that an admission policy will deny is dry-run too',
    expected: ['invalid ConfigMap HF1306'],
    play: async bench => {
      await bench.bring(
        documents(
          `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: "CLUSTERNAME" }
spec:
  matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }] }
  validations: [{ expression: "object.metadata.name != 'it'", message: "not that name" }]
`,
          `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: "CLUSTERNAME" }
spec: { policyName: CLUSTERNAME, validationActions: [Deny], matchResources: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: NS } } } }
`,
        ),
      );
      bench.cleanUp('validatingadmissionpolicy/CLUSTERNAME');
      bench.cleanUp('validatingadmissionpolicybinding/CLUSTERNAME');
      // the server takes a policy up after a while
      await bench.until(
        'the policy to deny',
        async () =>
          (
            await bench.run({ stdin: bench.fill(configMap('{}')) }, ['create', '--dry-run=server', '-f', '-'])
          ).stderr.includes('not that name'),
        60_000,
      );
      const comparison = await bench.compared(configMap('{}'));
      if (comparison.findings[0]?.message?.includes('not that name') !== true)
        throw new Error('the policy’s words are not told');
      return [verdictWords(comparison)];
    },
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
  {
    id: 'N19',
    words: 'the number of a port edited by hand, which no apply can take back: it is told, and converged',
    expected: [
      'changed Service HF1306 -/spec/ports/port=81,protocol=TCP +/spec/ports/port=82,protocol=TCP by kubectl-patch',
      'in sync',
    ],
    play: async bench => {
      await bench.bring(service);
      await bench.patchAs('kubectl-patch', 'service/it', {
        op: 'replace',
        path: '/spec/ports/1/port',
        value: 82,
      });
      const told = [await bench.verdict(service)];
      await converge(bench, service);
      return [...told, await bench.verdict(service)];
    },
  },
  {
    id: 'N20',
    words: 'objects that cannot be dry-run say why, and all others are compared',
    expected: [
      'changed ConfigMap ~/data/a by kubectl-patch; changed Service HF1306 -/spec/ports/port=81,protocol=TCP +/spec/ports/port=82,protocol=TCP by kubectl-patch; unknown Thing HF1305',
    ],
    play: async bench => {
      const definition = (v1: string) =>
        thingDefinition('').replace(
          /versions: .*\n/,
          `versions: [{ name: v1, ${v1}, schema: { openAPIV3Schema: { type: object } } }, { name: v2, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]\n`,
        );
      await bench.define(definition('served: true, storage: false'));
      const manifests = documents(service, configMap('{ a: "1" }'), thing('{}').replace('spec: {}\n', ''));
      await bench.bring(manifests);
      await bench.kubectl(
        'patch',
        'crd',
        'things.GROUP',
        '--type=json',
        '-p',
        '[{"op":"replace","path":"/spec/versions/0/served","value":false}]',
      );
      await bench.patchAs('kubectl-patch', 'service/it', {
        op: 'replace',
        path: '/spec/ports/1/port',
        value: 82,
      });
      await bench.kubectl('patch', 'configmap', 'it', '-p', '{"data":{"a":"2"}}');
      await bench.until(
        'v1 to be gone',
        async () => (await bench.run({}, ['get', bench.fill('things.v1.GROUP')])).code !== 0,
      );
      return [await bench.verdict(manifests)];
    },
  },
];
