/** A CustomResourceDefinition of kind `Thing` in the case's own group; `schema` is what follows `openAPIV3Schema`. */
export function thingDefinition(schema: string, options: { scope?: string; more?: string } = {}): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.GROUP }
spec:
  group: GROUP
  scope: ${options.scope ?? 'Namespaced'}
  names: { plural: things, singular: thing, kind: Thing, listKind: ThingList }
  ${options.more ?? ''}
  versions: [{ name: v1, served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: ${schema} } }]
`;
}

export function thing(spec: string, more = ''): string {
  return `apiVersion: GROUP/v1\nkind: Thing\nmetadata: { name: NAME, namespace: NS }\nspec: ${spec}\n${more}`;
}

export const anything = '{ type: object, x-kubernetes-preserve-unknown-fields: true }';

export function configMap(data: string, metadata = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME, namespace: NS${metadata} }\ndata: ${data}\n`;
}

export function deployment(
  options: { spec?: string; container?: string; pod?: string; template?: string } = {},
): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: NAME, namespace: NS, labels: { app: NAME } }
spec:
  ${options.spec ?? 'replicas: 0'}
  selector: { matchLabels: { app: NAME } }
  template:
    metadata: { labels: { app: NAME }${options.template ?? ''} }
    spec:
      ${options.pod ?? 'terminationGracePeriodSeconds: 30'}
      containers:
        - name: web
          image: example.com/web:1.2
          ${options.container ?? 'env: [{ name: A, value: "1" }]'}
`;
}

export const container = '/spec/template/spec/containers/name=web';

/** Several manifests as one file. */
export function documents(...manifests: readonly string[]): string {
  return manifests.join('---\n');
}

/** What each namespace has, and what a unit that manages it leaves out. */
export const ofNamespaces =
  'left out: CA certificate that is published to each namespace; left out: default ServiceAccount of a namespace';
