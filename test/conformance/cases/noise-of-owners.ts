import { inject } from 'vitest';
import type { Case } from './support/case.ts';
import { deployment, documents } from './support/manifests.ts';

const service = 'service: { name: web, namespace: NS }';
const webhook = (
  more: string,
  rules = '[{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]',
) =>
  `webhooks: [{ name: check.GROUP, admissionReviewVersions: [v1], sideEffects: None, failurePolicy: Ignore, namespaceSelector: { matchLabels: { never: matches } }, clientConfig: { ${service}${more} }, rules: ${rules} }]`;
const validating = (body: string) =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: "CLUSTERNAME" }\n${body}\n`;
const mutating = validating(webhook(', caBundle: Cg==')).replace('Validating', 'Mutating');
const conversion = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: converted.GROUP }
spec:
  group: GROUP
  scope: Namespaced
  names: { plural: converted, kind: Converted }
  conversion: { strategy: Webhook, webhook: { conversionReviewVersions: [v1], clientConfig: { ${service} } } }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;
const apiService = `apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.absent.GROUP }
spec: { group: absent.GROUP, version: v1, groupPriorityMinimum: 1, versionPriority: 1, service: { name: web, namespace: NS } }
`;

/** Controllers that write into what Git declares. */
export const noiseOfOwners: readonly Case[] = [
  {
    id: 'D08',
    words: 'caBundle that cainjector writes: absent, or a dummy in Git; by a hand it is drift',
    expected: [
      'in sync',
      'in sync; left out: caBundle injected by a controller by cert-manager-cainjector',
      'changed MutatingWebhookConfiguration ~/webhooks/name=check.GROUP/clientConfig/caBundle by kubectl-patch; left out: caBundle injected by a controller by cert-manager-cainjector',
    ],
    play: async bench => {
      const manifests = documents(validating(webhook('')), mutating, conversion, apiService);
      for (const object of [
        'apiservice/v1.absent.GROUP',
        'crd/converted.GROUP',
        'mutatingwebhookconfiguration/CLUSTERNAME',
        'validatingwebhookconfiguration/CLUSTERNAME',
      ])
        bench.cleanUp(object);
      await bench.bring(manifests);
      const told = [await bench.verdict(manifests)];
      const value = Buffer.from(inject('certificate')).toString('base64');
      const add = (path: string) => ({ op: 'add', path, value });
      const hook = add('/webhooks/0/clientConfig/caBundle');
      const injector = 'cert-manager-cainjector';
      await bench.patchAs(injector, 'validatingwebhookconfiguration/CLUSTERNAME', hook);
      await bench.patchAs(injector, 'mutatingwebhookconfiguration/CLUSTERNAME', hook);
      await bench.patchAs(
        injector,
        'crd/converted.GROUP',
        add('/spec/conversion/webhook/clientConfig/caBundle'),
      );
      await bench.patchAs(injector, 'apiservice/v1.absent.GROUP', add('/spec/caBundle'));
      told.push(await bench.verdict(manifests));
      await bench.patchAs('kubectl-patch', 'mutatingwebhookconfiguration/CLUSTERNAME', {
        ...hook,
        value: Buffer.from(`${inject('certificate')}\n`).toString('base64'),
      });
      told.push(await bench.verdict(manifests));
      await bench.kubectl('delete', 'apiservice', 'v1.absent.GROUP');
      return told;
    },
  },
  {
    id: 'D09',
    words:
      'rules of a webhook that its controller extends beyond Git; when it takes away from them it is drift',
    expected: [
      'in sync; left out: webhook extended by its controller by webhook',
      'changed ValidatingWebhookConfiguration ~/webhooks/name=check.GROUP/rules/0/resources/0 by webhook',
    ],
    play: async bench => {
      const declared = validating(
        webhook(
          '',
          '[{ apiGroups: [apps], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [deployments] }]',
        ),
      );
      bench.cleanUp('validatingwebhookconfiguration/CLUSTERNAME');
      await bench.bring(declared);
      const rules = (resources: string[]) =>
        ['v1', 'v1beta1'].map(version => ({
          apiGroups: ['apps'],
          apiVersions: [version === 'v1' ? '*' : version],
          operations: ['CREATE', 'UPDATE', 'DELETE'],
          resources,
          scope: '*',
        }));
      const extend = (resources: string[]) =>
        bench.patchAs('webhook', 'validatingwebhookconfiguration/CLUSTERNAME', {
          op: 'replace',
          path: '/webhooks/0/rules',
          value: rules(resources),
        });
      await extend(['deployments', 'deployments/status']);
      const told = [await bench.verdict(declared)];
      await bench.patchAs('webhook', 'validatingwebhookconfiguration/CLUSTERNAME', {
        op: 'replace',
        path: '/webhooks/0/rules',
        value: [
          {
            apiGroups: ['apps'],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['statefulsets'],
            scope: '*',
          },
        ],
      });
      return [...told, await bench.verdict(declared)];
    },
  },
  {
    id: 'D12',
    words: 'rules of a ClusterRole that the controller manager aggregates',
    expected: ['in sync; left out: rules of an aggregated ClusterRole by clusterrole-aggregation-controller'],
    play: async bench => {
      const manifests = documents(
        `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "CLUSTERNAME" }
aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part-of: CLUSTERNAME } }] }
rules: []
`,
        `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "CLUSTERNAME-part", labels: { part-of: CLUSTERNAME } }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
`,
      );
      for (const name of ['CLUSTERNAME', 'CLUSTERNAME-part']) bench.cleanUp(`clusterrole/${name}`);
      await bench.bring(manifests);
      await bench.until('the rules to be filled in', async () =>
        JSON.stringify(await bench.json('clusterrole', 'CLUSTERNAME')).includes('"pods"'),
      );
      return [await bench.verdict(manifests)];
    },
  },
  {
    id: 'D26',
    words:
      'a ServiceAccount with the token and registry secrets that controllers append; one appended by a hand is drift',
    expected: ['in sync', 'undeclared ServiceAccount +/secrets/name=stolen by kubectl-patch'],
    play: async bench => {
      const manifest =
        'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: NAME, namespace: NS }\nsecrets: [{ name: own }]\n';
      await bench.bring(manifest);
      const value = (name: string) => ({ name });
      await bench.patchAs(
        'openshift-controller-manager',
        'serviceaccount/it',
        { op: 'add', path: '/secrets/-', value: value('it-token-x7k2p') },
        { op: 'add', path: '/secrets/-', value: value('it-dockercfg-abcde') },
        { op: 'add', path: '/imagePullSecrets', value: [value('it-dockercfg-abcde')] },
      );
      const told = [await bench.verdict(manifest)];
      await bench.patchAs('kubectl-patch', 'serviceaccount/it', {
        op: 'add',
        path: '/secrets/-',
        value: value('stolen'),
      });
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'D27',
    words: 'kubectl rollout restart is harmless, and said; the same annotation by another hand is drift',
    expected: [
      'in sync; left out: rollout restart by kubectl-rollout',
      'undeclared Deployment +/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt by kubectl-edit',
    ],
    play: async bench => {
      await bench.bring(deployment());
      await bench.kubectl('rollout', 'restart', 'deployment/it');
      const told = [await bench.verdict(deployment())];
      await bench.patchAs('kubectl-edit', 'deployment/it', {
        op: 'replace',
        path: '/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt',
        value: 'whenever',
      });
      return [...told, await bench.verdict(deployment())];
    },
  },
];
