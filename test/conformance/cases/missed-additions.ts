import type { Case } from './support/case.ts';
import { converge } from './support/converging.ts';
import { dashboardWrite } from './support/dashboard.ts';
import { kubectlEdit } from './support/editor.ts';
import { helmInstall } from './support/helm-release.ts';
import {
  anything,
  configMap,
  container,
  deployment,
  documents,
  thing,
  thingDefinition,
} from './support/manifests.ts';

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata: { name: NAME, namespace: NS }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: "example.com/c:1" }] } } } } }
`;

/** What somebody adds or changes by hand, and others do not see. */
export const missedAdditions: readonly Case[] = [
  {
    id: 'N01',
    words: 'an env, a volume and a label added with kubectl set, edit and label',
    expected: [
      `undeclared Deployment +${container}/env/name=C by kubectl-set`,
      `undeclared Deployment +${container}/env/name=C by kubectl-set +/spec/template/spec/volumes/name=extra by kubectl-edit`,
      `undeclared Deployment +/metadata/labels/by-hand by kubectl-label +${container}/env/name=C by kubectl-set +/spec/template/spec/volumes/name=extra by kubectl-edit`,
    ],
    play: async bench => {
      await bench.bring(deployment());
      await bench.kubectl('set', 'env', 'deployment/it', 'C=3');
      const told = [await bench.verdict(deployment())];
      await kubectlEdit(
        bench,
        'deployment/it',
        '      terminationGracePeriodSeconds: 30\n',
        '      terminationGracePeriodSeconds: 30\n      volumes: [{ name: extra, emptyDir: {} }]\n',
      );
      told.push(await bench.verdict(deployment()));
      await bench.kubectl('label', 'deployment/it', 'by-hand=yes');
      return [...told, await bench.verdict(deployment())];
    },
  },
  {
    id: 'N02',
    words: 'suspend: true on a CronJob that does not declare it',
    expected: ['undeclared CronJob +/spec/suspend by kubectl-patch'],
    play: async bench => {
      await bench.bring(cronJob);
      await bench.kubectl('patch', 'cronjob/it', '-p', '{"spec":{"suspend":true}}');
      return [await bench.verdict(cronJob)];
    },
  },
  {
    id: 'N03',
    words: 'keys added by a dashboard (manager node-fetch) and by kubectl edit',
    expected: [
      'undeclared ConfigMap +/data/b by node-fetch',
      'undeclared ConfigMap +/data/b by node-fetch +/data/c by kubectl-edit',
    ],
    play: async bench => {
      const manifest = configMap('{ a: "1" }');
      await bench.bring(manifest);
      await dashboardWrite(bench.fill('/api/v1/namespaces/NS/configmaps/it'), { data: { b: '2' } });
      const told = [await bench.verdict(manifest)];
      await kubectlEdit(bench, 'configmap/it', '  b: "2"', '  b: "2"\n  c: "3"');
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'N04',
    words: 'a field that client-side apply brought, and that Git dropped after the move to server-side apply',
    expected: [
      'undeclared Deployment +/spec/template/spec/volumes/name=old by kubectl-client-side-apply',
      'in sync',
    ],
    play: async bench => {
      const pod = 'volumes: [{ name: old, emptyDir: {} }]';
      await bench.bring(deployment({ pod }), 'client-side kubectl apply');
      const now = bench.fill(deployment({ pod: 'terminationGracePeriodSeconds: 30' }));
      // kubectl would take the fields over first; server-side apply of any other client does not
      const response = await bench.connection.request({
        method: 'PATCH',
        path: bench.fill('/apis/apps/v1/namespaces/NS/deployments/it'),
        query: { fieldManager: 'holdfast', force: true },
        contentType: 'application/apply-patch+yaml',
        body: JSON.parse(await bench.yamlAsJson(now)),
      });
      if (response.status !== 200) throw new Error(JSON.stringify(response.body));
      const told = [await bench.verdict(now)];
      await converge(bench, now);
      return [...told, await bench.verdict(now)];
    },
  },
  {
    id: 'N07',
    words: 'a custom resource patched by hand: a declared field, and one that is not declared',
    expected: ['changed Thing ~/spec/max by kubectl-patch +/spec/min by kubectl-patch'],
    play: async bench => {
      await bench.define(
        thingDefinition(
          '{ type: object, properties: { spec: { type: object, properties: { max: { type: integer }, min: { type: integer } } } } }',
        ),
      );
      await bench.bring(thing('{ max: 3 }'));
      await bench.kubectl('patch', 'things.GROUP', 'it', '--type=merge', '-p', '{"spec":{"max":9,"min":2}}');
      return [await bench.verdict(thing('{ max: 3 }'))];
    },
  },
  {
    id: 'N08',
    words: 'an image changed by hand on what helm installed',
    expected: [
      'in sync; left out: bookkeeping of Helm by helm',
      `changed Deployment ~${container}/image by kubectl-set; left out: bookkeeping of Helm by helm`,
    ],
    play: async bench => {
      const rendered = await helmInstall(
        bench.namespace,
        'shop',
        bench.fill(documents(deployment(), configMap('{ a: "1" }'))),
      );
      const told = [await bench.verdict(rendered)];
      await bench.kubectl('set', 'image', 'deployment/it', 'web=example.com/web:1.3');
      return [...told, await bench.verdict(rendered)];
    },
  },
  {
    id: 'N13',
    words: 'a cluster-scoped custom resource edited live',
    expected: ['in sync', 'changed Thing ~/spec/subnet by kubectl-edit'],
    play: async bench => {
      await bench.define(
        thingDefinition(`{ type: object, properties: { spec: ${anything} } }`, { scope: 'Cluster' }),
      );
      const manifest = thing('{ subnet: a }').replace(', namespace: NS', '');
      await bench.bring(manifest);
      const told = [await bench.verdict(manifest)];
      await kubectlEdit(bench, 'things.GROUP/it', 'subnet: a', 'subnet: b');
      return [...told, await bench.verdict(manifest)];
    },
  },
  {
    id: 'N18',
    words: 'owners and finalizers given by hand',
    expected: [
      'undeclared ConfigMap +/metadata/finalizers/0 by kubectl-patch +/metadata/ownerReferences/uid=UID by kubectl-patch',
    ],
    play: async bench => {
      const manifest = configMap('{ a: "1" }');
      await bench.bring(manifest);
      const uid = await bench.kubectl('get', 'serviceaccount', 'default', '-o', 'jsonpath={.metadata.uid}');
      const owner = { apiVersion: 'v1', kind: 'ServiceAccount', name: 'default', uid };
      await bench.kubectl(
        'patch',
        'configmap',
        'it',
        '-p',
        JSON.stringify({ metadata: { ownerReferences: [owner], finalizers: ['example.com/by-hand'] } }),
      );
      const told = await bench.verdict(manifest);
      await bench.kubectl(
        'patch',
        'configmap',
        'it',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      );
      return [told.replaceAll(uid, 'UID').replaceAll('=by-hand', '')];
    },
  },
];
