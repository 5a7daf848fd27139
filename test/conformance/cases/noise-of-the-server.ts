import { type Case, noise } from './support/case.ts';
import { deployment, documents, thing, thingDefinition } from './support/manifests.ts';

/** What the API server makes of a declaration, and what others took for drift. */
export const noiseOfTheServer: readonly Case[] = [
  noise(
    'D01',
    'a CustomResourceDefinition with preserveUnknownFields: false, which the server drops',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: "d01s.CLUSTERNAME.example.com" }
spec:
  preserveUnknownFields: false
  group: CLUSTERNAME.example.com
  scope: Namespaced
  names: { plural: d01s, kind: D01 }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`,
  ),
  noise(
    'D02',
    'volumeClaimTemplates of a StatefulSet without apiVersion and kind',
    `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: NAME, namespace: NS }
spec:
  serviceName: NAME
  replicas: 0
  selector: { matchLabels: { app: NAME } }
  template:
    metadata: { labels: { app: NAME } }
    spec: { containers: [{ name: web, image: "example.com/web:1" }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1024Mi } } }
`,
  ),
  noise(
    'D03',
    'quantities in other words, in a Deployment, a ResourceQuota, a LimitRange and a custom resource',
    documents(
      deployment({
        container:
          'resources: { requests: { cpu: 1000m, memory: 1000M, ephemeral-storage: 0.5Gi }, limits: { cpu: 1.5, memory: 1024000k } }',
      }),
      `apiVersion: v1
kind: ResourceQuota
metadata: { name: NAME, namespace: NS }
spec: { hard: { cpu: '12000m', memory: 1024Mi, pods: "010" } }
`,
      `apiVersion: v1
kind: LimitRange
metadata: { name: NAME, namespace: NS }
spec: { limits: [{ type: Pod, max: { cpu: 4000m }, min: { cpu: 0.1 } }] }
`,
      thing('{ quota: { cpu: "12000m", memory: 1024Mi }, port: 80 }'),
    ),
    {
      definitions: thingDefinition(
        '{ type: object, properties: { spec: { type: object, properties: { quota: { type: object, additionalProperties: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] } }, port: { x-kubernetes-int-or-string: true } } } } }',
      ),
    },
  ),
  noise(
    'D05',
    'metrics of a HorizontalPodAutoscaler as cpu, memory and as memory, cpu',
    ['cpu, memory', 'memory, cpu']
      .map((order, index) => {
        const metrics = order
          .split(', ')
          .map(
            name =>
              `{ type: Resource, resource: { name: ${name}, target: { type: Utilization, averageUtilization: 80 } } }`,
          );
        return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: NAME-${index}, namespace: NS }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: nobody }
  maxReplicas: 3
  metrics: [${metrics.join(', ')}]
`;
      })
      .join('---\n'),
  ),
  noise(
    'D07',
    'defaults that the schema of a custom resource injects, deep in lists and maps',
    thing('{ items: [{ key: a }, { key: b, deep: {} }], byName: { x: {} } }'),
    {
      definitions: thingDefinition(`{ type: object, properties: { spec: { type: object, properties: {
        strategy: { type: string, default: Default },
        policy: { type: object, default: {}, properties: { decoding: { type: string, default: None }, retries: { type: integer, default: 3 } } },
        items: { type: array, items: { type: object, properties: { key: { type: string }, conversion: { type: string, default: Plain }, deep: { type: object, properties: { level: { type: integer, default: 1 } } } } } },
        byName: { type: object, additionalProperties: { type: object, properties: { on: { type: boolean, default: true } } } } } } } }`),
    },
  ),
  noise(
    'D13',
    'rules of a Role that are an empty list',
    `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: NAME, namespace: NS }
rules: []
`,
  ),
  noise(
    'D14',
    'stringData of a Secret, and a key of its data that is null',
    `apiVersion: v1
kind: Secret
metadata: { name: NAME, namespace: NS }
data: { empty: null, given: Z2l2ZW4= }
stringData: { plain: words, given: newer }
`,
  ),
  noise(
    'D16',
    'Endpoints in another order and without protocol',
    `apiVersion: v1
kind: Endpoints
metadata: { name: NAME, namespace: NS }
subsets: [{ addresses: [{ ip: 10.1.1.2 }, { ip: 10.1.1.1 }], ports: [{ name: b, port: 81 }, { name: a, port: 80 }] }]
`,
  ),
  noise(
    'D17',
    'ports without protocol, and one number for TCP and UDP',
    documents(
      deployment({
        container:
          'ports: [{ containerPort: 53 }, { containerPort: 53, protocol: UDP }, { containerPort: 80 }]',
      }),
      `apiVersion: v1
kind: Service
metadata: { name: NAME, namespace: NS }
spec: { selector: { app: NAME }, ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53 }] }
`,
    ),
  ),
];
