import type { Case } from './support/case.ts';
import { converge } from './support/converging.ts';
import { configMap, deployment, documents, thing, thingDefinition } from './support/manifests.ts';
import { verdictWords } from './support/verdict-words.ts';

const service =
  'apiVersion: v1\nkind: Service\nmetadata: { name: NAME, namespace: NS }\nspec: { selector: { app: NAME }, ports: [{ name: http, port: 80 }, { name: admin, port: 81 }] }\n';

/** What the server refuses: said, never in sync, and no reason to pass over the rest. */
export const missedRefusals: readonly Case[] = [
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
    id: 'N09',
    words: 'a ConfigMap with a key that is none, and one with a number as a value',
    expected: ['invalid ConfigMap HF1306', 'invalid ConfigMap HF1306'],
    play: async bench => [
      await bench.verdict(configMap('{ "no key": x }')),
      await bench.verdict(configMap('{ a: 7 }')),
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
