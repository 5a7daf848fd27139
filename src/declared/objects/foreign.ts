import type { Json, JsonObject } from '../../json/json.ts';

/** API groups of files that programs read, not the API server. */
const fileGroups = [
  'kustomize.config.k8s.io',
  'kubeadm.k8s.io',
  'kubelet.config.k8s.io',
  'kubeproxy.config.k8s.io',
  'kubescheduler.config.k8s.io',
  'kubecontrollermanager.config.k8s.io',
  'apiserver.config.k8s.io',
  'apiserver.k8s.io',
  'pod-security.admission.config.k8s.io',
  'resourcequota.admission.k8s.io',
  'eventratelimit.admission.k8s.io',
  'cloudcontrollermanager.config.k8s.io',
  'credentialprovider.kubelet.k8s.io',
  'kubectl.config.k8s.io',
  'audit.k8s.io',
  'client.authentication.k8s.io',
  'config.kubernetes.io',
  'kind.x-k8s.io',
  'kops.k8s.io',
  'k3d.io',
  'eksctl.io',
  'skaffold',
  'ctlptl.dev',
  'kapp.k14s.io',
  'kbld.k14s.io',
  'vendir.k14s.io',
  'kpt.dev',
  'fn.kpt.dev',
  'kuttl.dev',
  'cli.kyverno.io',
  'chainsaw.kyverno.io',
  'tanka.dev',
  'backstage.io',
  'krew.googlecontainertools.github.com',
];

const fileNames: readonly [RegExp, string][] = [
  [/^kustomization(\.ya?ml)?$/i, 'a kustomization'],
  [/^(chart|requirements)\.(ya?ml|lock)$/i, 'part of a Helm chart'],
  [/(^|[-._])values([-._].*)?\.(ya?ml|json)$/i, 'Helm values'],
  [/^(docker-)?compose([-._].*)?\.ya?ml$/i, 'a Compose file'],
  [/^(package|package-lock|tsconfig|renovate|composer)\.json$/i, 'configuration of a tool'],
  [
    /^(mkdocs|skaffold|helmfile|codecov|appveyor|azure-pipelines|cloudbuild|buildspec)\.ya?ml$/i,
    'configuration of a tool',
  ],
];

/** Top-level keys that together show what a mapping without apiVersion and kind is. */
const shapes: readonly [string[], string][] = [
  [['AWSTemplateFormatVersion'], 'a CloudFormation template'],
  [['template-file-path'], 'a CloudFormation deployment file'],
  [['openapi'], 'an OpenAPI document'],
  [['swagger'], 'an OpenAPI document'],
  [['$schema'], 'a JSON document with its own schema'],
  [['jobs', 'true'], 'a CI workflow'],
  [['stages'], 'a CI configuration'],
  [['scrape_configs'], 'a Prometheus configuration'],
  [['groups'], 'Prometheus rules'],
  [['route', 'receivers'], 'an Alertmanager configuration'],
  [['panels'], 'a Grafana dashboard'],
  [['schemaVersion', 'title'], 'a Grafana dashboard'],
  [['services', 'version'], 'a Compose file'],
];

/**
 * What a document is when it is clearly not meant for the cluster: a kustomization, Helm values, a kubeconfig, a Compose
 * or CI file. Undefined means that it must be a Kubernetes object. `name` is the file's base name.
 */
export function foreignDocument(value: Json, name: string): string | undefined {
  if (Array.isArray(value)) return foreignList(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const { apiVersion, kind } = value;
  if (typeof apiVersion === 'string' && kind !== undefined) return foreignKind(apiVersion, kind);
  const byName = fileNames.find(([pattern]) => pattern.test(name));
  if (byName !== undefined) return byName[1];
  if (apiVersion !== undefined || kind !== undefined) return undefined;
  return shapes.find(([keys]) => keys.every(key => Object.hasOwn(value, key)))?.[1] ?? composeServices(value);
}

function foreignKind(apiVersion: string, kind: Json): string | undefined {
  if (apiVersion === 'v1' && kind === 'Config') return 'a kubeconfig';
  const group = apiVersion.split('/', 1)[0] ?? '';
  return fileGroups.includes(group) ? `a file for ${group}` : undefined;
}

function foreignList(items: Json[]): string | undefined {
  const first = items[0];
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return undefined;
  if ('hosts' in first || 'tasks' in first || 'import_playbook' in first) return 'an Ansible playbook';
  return 'op' in first && 'path' in first ? 'a JSON patch' : undefined;
}

function composeServices(value: JsonObject): string | undefined {
  const services = value['services'];
  if (typeof services !== 'object' || services === null || Array.isArray(services)) return undefined;
  const all = Object.values(services);
  const looksSo = all.some(
    one => typeof one === 'object' && one !== null && ('image' in one || 'build' in one),
  );
  return looksSo ? 'a Compose file' : undefined;
}
