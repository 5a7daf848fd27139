import { type Case, noise } from './support/case.ts';
import { configMap, deployment, documents, thing, thingDefinition } from './support/manifests.ts';

/** Declarations that say nothing, or say it in a way of their own. */
export const noiseOfShapes: readonly Case[] = [
  {
    id: 'D15',
    words: 'creationTimestamp: null, status and empty maps, as `kubectl create --dry-run=client` prints them',
    expected: ['in sync'],
    play: async bench => {
      const printed = await bench.kubectl(
        'create',
        'deployment',
        'printed',
        '--image=example.com/web:1',
        '--dry-run=client',
        '-o',
        'yaml',
      );
      const nothing = '  creationTimestamp: null\n  annotations: {}\n';
      const manifest = `${printed.replace('metadata:\n', `metadata:\n${nothing}`)}---\n${configMap('{ a: "1" }', ', creationTimestamp: null')}`;
      const told = await bench.inEveryWay(
        manifest.replaceAll('printed', 'NAME').replace(/status: \{\}\n/, 'status: { replicas: 7 }\n'),
      );
      return [...new Set(told.values())];
    },
  },
  {
    id: 'D20',
    words: 'applied with --record, which leaves kubernetes.io/change-cause',
    expected: ['in sync', 'in sync'],
    play: async bench => {
      const told: string[] = [];
      for (const verb of ['apply', 'create']) {
        const manifest = bench.fill(deployment(), verb);
        const { code, stderr } = await bench.run({ stdin: manifest }, [verb, '--record', '-f', '-']);
        if (code !== 0) throw new Error(stderr);
        if (!JSON.stringify(await bench.json('deployment', verb)).includes('kubernetes.io/change-cause'))
          throw new Error('kubectl left no change cause');
        told.push(await bench.verdict(deployment(), '', verb));
      }
      return told;
    },
  },
  noise(
    'D21',
    'empty maps and lists, of which the server drops some and keeps others',
    documents(
      configMap('{}', ', annotations: {}, labels: {}'),
      deployment({
        template: ', annotations: {}',
        pod: 'securityContext: {}\n      nodeSelector: {}\n      tolerations: []\n      volumes: []\n      affinity: {}',
        container:
          'resources: { requests: {} }\n          env: []\n          args: []\n          securityContext: {}',
      }),
      `apiVersion: v1
kind: ServiceAccount
metadata: { name: NAME, namespace: NS, annotations: {} }
imagePullSecrets: []
`,
      `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: NAME, namespace: NS }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: [{}] }
`,
    ),
  ),
  noise(
    'D22',
    'a CustomResourceDefinition without conversion and without all its names',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: "d22s.CLUSTERNAME.example.com" }
spec:
  group: CLUSTERNAME.example.com
  scope: Cluster
  names: { plural: d22s, kind: D22 }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, x-kubernetes-preserve-unknown-fields: true } } } } }]
`,
  ),
  noise(
    'D24',
    'cluster-scoped objects, with and without a namespace in the declaration',
    documents(
      `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "CLUSTERNAME", namespace: NS }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
`,
      `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: "CLUSTERNAME" }
value: 7
`,
    ),
  ),
  noise(
    'D28',
    'a Job, whose selector and controller-uid labels the server adds, and a CronJob',
    documents(
      `apiVersion: batch/v1
kind: Job
metadata: { name: NAME, namespace: NS }
spec: { suspend: true, template: { metadata: { labels: { own: label } }, spec: { restartPolicy: Never, containers: [{ name: c, image: "example.com/c:1" }] } } }
`,
      `apiVersion: batch/v1
kind: CronJob
metadata: { name: NAME, namespace: NS }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: OnFailure, containers: [{ name: c, image: example.com/c }] } } } } }
`,
    ),
  ),
  {
    id: 'D04',
    words:
      'one field that older clients do not know beside a quantity and a zero: the object is compared field by field',
    expected: ['in sync', 'changed Deployment ~/spec/template/spec/containers/name=web/image by kubectl-set'],
    play: async bench => {
      const manifest = deployment({
        pod: 'topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, nodeTaintsPolicy: Honor, labelSelector: { matchLabels: { app: NAME } } }]',
        container:
          'resources: { requests: { cpu: 1000m } }\n          livenessProbe: { initialDelaySeconds: 0, tcpSocket: { port: 80 } }',
      });
      const told = [...new Set((await bench.inEveryWay(manifest)).values())];
      await bench.kubectl('set', 'image', 'deployment/way0', 'web=example.com/web:1.3');
      return [...told, await bench.verdict(manifest, '', 'way0')];
    },
  },
  {
    id: 'D11',
    words: 'status in Git, of a custom resource and a DaemonSet, while controllers write theirs',
    expected: ['in sync', 'in sync'],
    play: async bench => {
      await bench.define(
        thingDefinition(
          '{ type: object, properties: { spec: { type: object, properties: { a: { type: integer } } }, status: { type: object, properties: { phase: { type: string } } } } }',
        ),
      );
      const manifests = documents(
        thing('{ a: 1 }', 'status: { phase: Declared }\n'),
        `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: NAME, namespace: NS }
spec: { selector: { matchLabels: { app: NAME } }, template: { metadata: { labels: { app: NAME } }, spec: { nodeSelector: { no: node }, containers: [{ name: c, image: "example.com/c:1" }] } } }
status: { numberReady: 9, currentNumberScheduled: 9, desiredNumberScheduled: 9, numberMisscheduled: 0 }
`,
      );
      await bench.bring(manifests);
      const before = await bench.verdict(manifests);
      await bench.kubectl(
        'patch',
        'things.GROUP',
        'it',
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"phase":"Running"}}',
      );
      return [before, await bench.verdict(manifests)];
    },
  },
];
