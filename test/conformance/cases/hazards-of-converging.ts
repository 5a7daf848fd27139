import type { Bench } from './support/bench.ts';
import type { Case } from './support/case.ts';
import { converge, planned } from './support/converging.ts';
import { configMap, deployment, ofNamespaces } from './support/manifests.ts';

const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: NAME, namespace: NS }\n${body}\n`;

async function liveData(bench: Bench, kind: string): Promise<string> {
  return JSON.stringify(((await bench.json(kind, 'it')) as { data?: object }).data);
}

/** Converging, and what may never come of it. */
export const hazardsOfConverging: readonly Case[] = [
  {
    id: 'D06',
    words: 'a HorizontalPodAutoscaler whose metric a hand removed: the dry run doubles none of the metrics',
    expected: [
      'changed HorizontalPodAutoscaler ~/spec/metrics/0/resource/name by kubectl-patch ~/spec/metrics/0/resource/target/averageUtilization by kubectl-patch -/spec/metrics/1',
      'in sync',
    ],
    play: async bench => {
      const metric = (name: string, percent: number) =>
        `{ type: Resource, resource: { name: ${name}, target: { type: Utilization, averageUtilization: ${percent} } } }`;
      const manifest = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: NAME, namespace: NS }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: nobody }, maxReplicas: 3, metrics: [${metric('cpu', 80)}, ${metric('memory', 70)}] }
`;
      await bench.bring(manifest);
      await bench.patchAs('kubectl-patch', 'hpa/it', { op: 'remove', path: '/spec/metrics/0' });
      const told = [await bench.verdict(manifest)];
      await converge(bench, manifest);
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'D25',
    words:
      'an object with all the labels of a declared one and no owner, which an operator made: not ours, told only where the unit manages the namespace, never deleted',
    expected: [
      'in sync',
      `unmanaged ConfigMap +/metadata/creationTimestamp by operator; ${ofNamespaces}`,
      'nothing',
    ],
    play: async bench => {
      const labels = ', labels: { app.kubernetes.io/instance: shop, app: NAME }';
      const manifest = configMap('{ a: "1" }', labels);
      const settings =
        'units:\n  - { name: shop, driver: kubernetes, path: manifests/shop, manages: [NS] }\n';
      await bench.bring(manifest);
      const child = bench.fill(configMap('{ b: "2" }', labels), 'child');
      const { code, stderr } = await bench.run({ stdin: child }, [
        'create',
        '--field-manager=operator',
        '-f',
        '-',
      ]);
      if (code !== 0) throw new Error(stderr);
      return [
        await bench.verdict(manifest),
        await bench.verdict(manifest, settings),
        await planned(bench, manifest, settings),
      ];
    },
  },
  {
    id: 'D29',
    words: 'masking is for people: what converging writes is the declared value',
    expected: ['changed Secret ~/data/a (secret) by kubectl-patch', '{"a":"MQ=="}', 'in sync'],
    play: async bench => {
      const manifest = secret('stringData: { a: "1" }');
      await bench.bring(manifest);
      await bench.kubectl('patch', 'secret', 'it', '-p', '{"stringData":{"a":"battery-staple"}}');
      const told = [await bench.verdict(manifest)];
      await converge(bench, manifest);
      return [...told, await liveData(bench, 'secret'), await bench.verdict(manifest)];
    },
  },
  {
    id: 'D31',
    words: 'files that are all empty: nothing is planned to be deleted',
    expected: ['in sync', 'nothing'],
    play: async bench => {
      await bench.bring(configMap('{ a: "1" }'));
      const none = '# nothing at all\n';
      return [await bench.verdict(none), await planned(bench, none)];
    },
  },
  {
    id: 'D34',
    words:
      'a refusal is classified by its field: what is merely invalid is never deleted and made anew, what cannot be changed is',
    expected: [
      'invalid Deployment HF1306',
      'refused',
      'changed Deployment HF1306 ~/spec/selector/matchLabels/app by holdfast ~/spec/template/metadata/labels/app by holdfast',
      'recreate Deployment /spec/selector/matchLabels/app /spec/template/metadata/labels/app',
    ],
    play: async bench => {
      await bench.bring(deployment());
      const uid = () => bench.kubectl('get', 'deployment', 'it', '-o', 'jsonpath={.metadata.uid}');
      const before = await uid();
      const invalid = deployment({ pod: 'restartPolicy: Never' });
      const moved = deployment()
        .replace('matchLabels: { app: NAME }', 'matchLabels: { app: moved }')
        .replace('metadata: { labels: { app: NAME }', 'metadata: { labels: { app: moved }');
      const told = [
        await bench.verdict(invalid),
        await planned(bench, invalid),
        await bench.verdict(moved),
        await planned(bench, moved),
      ];
      if ((await uid()) !== before) throw new Error('it was made anew');
      return told;
    },
  },
];
