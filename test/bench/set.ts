import type { JsonObject } from '../../src/json/json.ts';

/** How many objects of each kind; 2,000 + 1,500 + 1,000 + 500 by default. */
export interface Size {
  deployments: number;
  configMaps: number;
  services: number;
  secrets: number;
}

/** The shares of the standard set, for a total. */
export function sizeOf(total: number): Size {
  return { deployments: total * 0.4, configMaps: total * 0.3, services: total * 0.2, secrets: total * 0.1 };
}

/** The same objects for the same size, in ten namespaces, each as people write them: what the server defaults is left out. */
export function benchSet(size: Size): JsonObject[] {
  const many = (count: number, make: (index: number) => JsonObject) =>
    Array.from({ length: count }, (_, index) => make(index));
  return [
    ...namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...many(size.deployments, deployment),
    ...many(size.configMaps, index => ({
      ...meta('v1', 'ConfigMap', 'settings', index),
      data: values(index),
    })),
    ...many(size.services, service),
    ...many(size.secrets, index => ({ ...meta('v1', 'Secret', 'key', index), stringData: values(index) })),
  ];
}

const namespaces = Array.from({ length: 10 }, (_, index) => `bench-${index}`);

function meta(apiVersion: string, kind: string, name: string, index: number): JsonObject {
  const namespace = namespaces[index % namespaces.length] ?? 'bench-0';
  return {
    apiVersion,
    kind,
    metadata: {
      name: `${name}-${index}`,
      namespace,
      labels: { app: `${name}-${index}`, team: `team-${index % 7}` },
    },
  };
}

function values(index: number): JsonObject {
  return {
    level: ['debug', 'info', 'warn'][index % 3] ?? 'info',
    region: `region-${index % 5}`,
    text: `line one of ${index}\nline two\n`,
  };
}

function deployment(index: number): JsonObject {
  const app = { app: `web-${index}` };
  const container = {
    name: 'web',
    image: `registry.example/shop/web:${index % 20}.${index % 9}`,
    ports: [{ name: 'http', containerPort: 8080 }],
    env: [
      { name: 'LEVEL', value: 'info' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, initialDelaySeconds: 3 },
  };
  return {
    ...meta('apps/v1', 'Deployment', 'web', index),
    spec: {
      replicas: 1 + (index % 3),
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers: [container] } },
    },
  };
}

function service(index: number): JsonObject {
  return {
    ...meta('v1', 'Service', 'web', index),
    spec: { selector: { app: `web-${index}` }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}
