import type { Case } from './support/case.ts';
import { planned } from './support/converging.ts';
import { anything, configMap, deployment, documents, thing, thingDefinition } from './support/manifests.ts';
import { stampingWebhook } from './support/stamping-webhook.ts';

const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: NAME, namespace: NS }\n${body}\n`;

/** What goes wrong around a comparison: webhooks, refused dry runs, masked values, converging. */
export const hazards: readonly Case[] = [
  {
    id: 'D10',
    words: 'an annotation that a webhook stamps on writes in earnest and not on dry runs',
    expected: ['in sync', 'stamped, and dry runs passed'],
    play: async bench => {
      const webhook = await stampingWebhook('prometheus-operator-validated', 'true');
      try {
        await bench.bring(`apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: "CLUSTERNAME" }
webhooks:
  - name: stamp.GROUP
    admissionReviewVersions: [v1]
    sideEffects: NoneOnDryRun
    failurePolicy: Fail
    namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: NS } }
    clientConfig: { url: "${webhook.url}", caBundle: "${webhook.caBundle}" }
    rules: [{ apiGroups: [monitoring.coreos.com], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [prometheusrules] }]
`);
        bench.cleanUp('mutatingwebhookconfiguration/CLUSTERNAME');
        await bench.define(
          thingDefinition(`{ type: object, properties: { spec: ${anything} } }`)
            .replace('things.GROUP', 'prometheusrules.monitoring.coreos.com')
            .replace('group: GROUP', 'group: monitoring.coreos.com')
            .replace(
              '{ plural: things, singular: thing, kind: Thing, listKind: ThingList }',
              '{ plural: prometheusrules, kind: PrometheusRule }',
            ),
        );
        const manifest = thing('{ groups: [{ name: g, rules: [{ alert: A, expr: "1" }] }] }')
          .replace('GROUP/v1', 'monitoring.coreos.com/v1')
          .replace('Thing', 'PrometheusRule');
        await bench.until('the webhook to be called', async () => {
          await bench.bring(manifest, 'kubectl create', 'probe').catch(() => undefined);
          const called = webhook.seen.stamped > 0;
          await bench.kubectl('delete', 'prometheusrule', 'probe', '--ignore-not-found');
          return called;
        });
        const told = await bench.inEveryWay(manifest);
        const annotations = JSON.stringify(await bench.json('prometheusrule', 'way0'));
        const stamped = annotations.includes('"prometheus-operator-validated":"true"');
        // a difference makes the comparison ask, and the webhook is asked about a dry run
        await bench.kubectl(
          'patch',
          'prometheusrule',
          'way0',
          '--type=merge',
          '-p',
          '{"spec":{"groups":[]}}',
        );
        await bench.verdict(manifest, '', 'way0');
        return [
          [...new Set(told.values())].join(),
          `${stamped ? 'stamped' : 'not stamped'}, and ${webhook.seen.dryRuns > 0 ? 'dry runs passed' : 'never asked'}`,
        ];
      } finally {
        webhook.close();
      }
    },
  },
  {
    id: 'D18',
    words: 'duplicate env names, which cannot be applied: that object says so, the others are compared',
    expected: ['changed ConfigMap ~/data/a by kubectl-patch; invalid Deployment HF1306'],
    play: async bench => {
      const manifests = documents(
        deployment({ container: 'env: [{ name: A, value: "1" }, { name: A, value: "2" }]' }),
        configMap('{ a: "1" }'),
      );
      await bench.bring(manifests, 'kubectl create');
      await bench.kubectl('patch', 'configmap', 'it', '-p', '{"data":{"a":"2"}}');
      return [await bench.verdict(manifests)];
    },
  },
  {
    id: 'D19',
    words:
      'comparing writes nothing: neither generation nor resourceVersion moves, and the dry run’s own bookkeeping is no drift',
    expected: ['undeclared Deployment +/metadata/labels/by-hand by kubectl-label', 'live is as it was'],
    play: async bench => {
      await bench.bring(deployment());
      await bench.kubectl('label', 'deployment/it', 'by-hand=yes');
      const versions = async () =>
        JSON.stringify(((await bench.json('deployment', 'it')) as { metadata: object }).metadata);
      await bench.until(
        'the controller to have seen it',
        async () =>
          (await bench.kubectl(
            'get',
            'deployment',
            'it',
            '-o',
            'jsonpath={.metadata.generation} {.status.observedGeneration}',
          )) === '1 1',
      );
      const before = await versions();
      const told = await bench.verdict(deployment());
      await bench.verdict(deployment());
      return [told, (await versions()) === before ? 'live is as it was' : 'live was written'];
    },
  },
  {
    id: 'D23',
    words: 'a template with randAlphaNum among the manifests: it is told, never rendered and never applied',
    expected: ['invalid File HF1107', 'refused'],
    play: async bench => {
      const template = documents(configMap('{ a: "1" }'), secret('stringData: { a: {{ randAlphaNum 8 }} }'));
      await bench.bring(configMap('{ a: "1" }'));
      return [await bench.verdict(template), await planned(bench, template)];
    },
  },
  {
    id: 'D30',
    words: 'a registry Secret is dry-run as it is, and masked after',
    expected: ['in sync', 'changed Secret ~/data/.dockerconfigjson (secret) by kubectl-patch'],
    play: async bench => {
      const config = (password: string) =>
        JSON.stringify({ auths: { 'registry.example.com': { username: 'u', password } } });
      const manifest = secret(
        `type: kubernetes.io/dockerconfigjson\nstringData: { .dockerconfigjson: '${config('correct-horse')}' }`,
      );
      await bench.bring(manifest);
      const told = [await bench.verdict(manifest)];
      await bench.kubectl(
        'patch',
        'secret',
        'it',
        '-p',
        JSON.stringify({ stringData: { '.dockerconfigjson': config('battery-staple') } }),
      );
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'D33',
    words:
      'a CustomResourceDefinition gets a version with a default, and the old one goes; the next write wipes who owned what',
    expected: ['in sync', 'in sync', 'in sync', 'changed Thing ~/spec/a'],
    play: async bench => {
      const version = (name: string, flags: string, more = '') =>
        `{ name: ${name}, ${flags}, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { a: { type: integer }${more} } } } } } }`;
      const definition = (...versions: string[]) =>
        thingDefinition('').replace(/versions: .*\n/, `versions: [${versions.join(', ')}]\n`);
      const added = ', policy: { type: string, default: Keep }';
      const newer = thing('{ a: 1 }').replace('GROUP/v1', 'GROUP/v2');
      await bench.define(definition(version('v1', 'served: true, storage: true')));
      await bench.bring(thing('{ a: 1 }'));
      const told = [await bench.verdict(thing('{ a: 1 }'))];
      await bench.bring(
        definition(
          version('v1', 'served: true, storage: false'),
          version('v2', 'served: true, storage: true', added),
        ),
      );
      await bench.until('v2 to be served', async () => !(await bench.verdict(newer)).startsWith('unknown'));
      told.push(await bench.verdict(newer));
      await bench.bring(
        definition(
          version('v1', 'served: false, storage: false'),
          version('v2', 'served: true, storage: true', added),
        ),
      );
      await bench.until('v1 to be gone', async () =>
        (await bench.verdict(thing('{ a: 1 }'))).startsWith('unknown'),
      );
      told.push(await bench.verdict(newer));
      await bench.kubectl('patch', 'things.v2.GROUP', 'it', '--type=merge', '-p', '{"spec":{"a":2}}');
      return [...told, await bench.verdict(newer)];
    },
  },
];
