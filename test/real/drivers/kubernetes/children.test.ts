import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { mustKubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { bring, changeAt, newNamespace, onlyFinding, openDriver, shopUnit, told } from './support/shop.ts';
import { witness } from './support/witness.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('children');
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

const kubectl = (...args: string[]) => mustKubectl('-n', namespace, ...args);

async function compare(manifests: string) {
  const { unit, declaration } = await shopUnit(manifests);
  return opened.driver.compare(unit, declaration);
}

const template = (name: string) =>
  `template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: web, image: "example.com/web:1" }] } }`;

function workload(kind: string, name: string, more = ''): string {
  const replicas = kind === 'DaemonSet' ? '' : 'replicas: 2, ';
  const service = kind === 'StatefulSet' ? `serviceName: ${name}, ` : '';
  return `{ apiVersion: apps/v1, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: { ${replicas}${service}${more}selector: { matchLabels: { app: ${name} } }, ${template(name)} } }\n`;
}

function cronJob(name: string): string {
  return `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: ${name}, namespace: ${namespace} }, spec: { schedule: "0 3 1 1 *", jobTemplate: { spec: { template: { metadata: { labels: { app: ${name} } }, spec: { restartPolicy: Never, nodeSelector: { no: node }, containers: [{ name: web, image: "example.com/web:1" }] } } } } } }\n`;
}

/** The names of the running Pods of a workload, once there are so many. */
async function podsOf(name: string, count: number): Promise<string[]> {
  return waitUntil(
    `${count} Pods of ${name}`,
    async () => {
      const running = ['--field-selector=status.phase=Running', '-o', 'jsonpath={.items[*].metadata.name}'];
      const names = (await kubectl('get', 'pods', '-l', `app=${name}`, ...running))
        .split(' ')
        .filter(Boolean);
      return names.length === count ? names.sort() : undefined;
    },
    60_000,
  );
}

describe('what really runs', () => {
  it.each([
    ['Deployment', 2],
    ['StatefulSet', 2],
    ['DaemonSet', 1],
  ])('is told of a %s whose Pod was edited in place', async (kind, count) => {
    const name = `edited-${kind.toLowerCase()}`;
    const manifest = workload(kind, name);
    await bring('server-side apply by us', namespace, manifest);
    const [pod = ''] = await podsOf(name, count);
    const before = await compare(manifest);
    await kubectl('set', 'image', `pod/${pod}`, 'web=example.com/web:2');

    const comparison = await compare(manifest);

    const finding = onlyFinding(comparison);
    expect(before.findings).toEqual([]);
    expect(finding).toMatchObject({ type: 'changed', resource: { kind, name }, source: { line: 1 } });
    expect(finding.message).toBe(`Pod ${pod} does not run the image of its template (kubectl-set)`);
    expect(changeAt(finding, `/children/Pod/${pod}/spec/containers/name=web/image`)).toMatchObject({
      op: 'changed',
      declared: 'example.com/web:1',
      live: 'example.com/web:2',
      by: { manager: 'kubectl-set' },
    });
    expect(comparison.resources).toEqual({ declared: 1, inSync: 0 });
  });

  it('is told of a CronJob by the Pods of its Jobs', async () => {
    const manifest = cronJob('nightly');
    await bring('server-side apply by us', namespace, manifest);
    await kubectl('create', 'job', 'tonight', '--from=cronjob/nightly');
    const pod = await waitUntil('a Pod of the Job', async () => {
      const name = await kubectl(
        'get',
        'pods',
        '-l',
        'app=nightly',
        '-o',
        'jsonpath={.items[*].metadata.name}',
      );
      return name === '' ? undefined : name;
    });
    await kubectl('set', 'image', `pod/${pod}`, 'web=example.com/web:2');

    const finding = onlyFinding(await compare(manifest));

    expect(finding).toMatchObject({ type: 'changed', resource: { kind: 'CronJob' } });
    expect(finding.changes?.map(({ path }) => path)).toEqual([
      `/children/Pod/${pod}/spec/containers/name=web/image`,
    ]);
  });

  it('is told of a container that was added to a Pod with kubectl debug', async () => {
    const manifest = workload('Deployment', 'debugged');
    await bring('server-side apply by us', namespace, manifest);
    const [pod = ''] = await podsOf('debugged', 2);
    await kubectl('debug', pod, '--image=example.com/shell:1', '--container=shell', '--', 'sleep', '1');

    const finding = onlyFinding(await compare(manifest));

    expect(finding.type).toBe('undeclared');
    expect(finding.message).toBe(`Pod ${pod} runs a container that was added to it (kubectl)`);
    expect(changeAt(finding, `/children/Pod/${pod}/spec/ephemeralContainers/name=shell`)).toMatchObject({
      op: 'added',
      live: 'example.com/shell:1',
      by: { manager: 'kubectl', subresource: 'ephemeralcontainers' },
    });
  });

  it('is told where one tag came to be two images', async () => {
    const manifest = workload('Deployment', 'mutable').replace('replicas: 2', 'replicas: 3');
    await bring('server-side apply by us', namespace, manifest);
    const pods = await podsOf('mutable', 3);
    const digest = (index: number) => `sha256:${(index === 1 ? 'b' : 'a').repeat(64)}`;
    for (const [index, pod] of pods.entries()) {
      const status = { containerStatuses: [{ name: 'web', imageID: `example.com/web@${digest(index)}` }] };
      await kubectl('patch', 'pod', pod, '--subresource=status', '-p', JSON.stringify({ status }));
    }

    const finding = onlyFinding(await compare(manifest));

    expect(finding.changes).toEqual([
      {
        path: `/children/Pod/${pods[1]}/status/containerStatuses/name=web/imageID`,
        op: 'changed',
        declared: digest(0),
        live: digest(1),
      },
    ]);
    expect(finding.message).toMatch(/runs another image under the same tag/);
  });

  it('is not held against a rollout, nor against Pods of an older revision that stay', async () => {
    const manifests = (image: string) =>
      `${workload('Deployment', 'rolling')}---\n${workload('StatefulSet', 'staying', 'updateStrategy: { type: OnDelete }, ')}`.replaceAll(
        'example.com/web:1',
        image,
      );
    await bring('server-side apply by us', namespace, manifests('example.com/web:1'));
    await Promise.all([podsOf('rolling', 2), podsOf('staying', 2)]);
    const told = new Set<string>();
    await bring('server-side apply by us', namespace, manifests('example.com/web:2'));
    const rolled = async () =>
      (await kubectl('rollout', 'status', 'deployment/rolling', '--timeout=30s')) !== '';
    const done = rolled();
    let over = false;
    void done.finally(() => (over = true));
    while (!over) told.add(JSON.stringify((await compare(manifests('example.com/web:2'))).findings));
    await done;
    told.add(JSON.stringify((await compare(manifests('example.com/web:2'))).findings));

    expect([...told]).toEqual(['[]']);
  });

  it('is healed by the controller where a ReplicaSet was edited by hand', async () => {
    const manifest = workload('Deployment', 'replaced');
    await bring('server-side apply by us', namespace, manifest);
    await podsOf('replaced', 2);
    const set = await kubectl('get', 'rs', '-l', 'app=replaced', '-o', 'name');
    await kubectl('set', 'image', set.trim(), 'web=example.com/web:9');
    await waitUntil(
      'the Deployment to make another',
      async () =>
        (await kubectl('get', 'rs', '-l', 'app=replaced', '-o', 'name')).trim().split('\n').length > 1,
    );
    await kubectl('rollout', 'status', 'deployment/replaced', '--timeout=30s');

    expect((await compare(manifest)).findings).toEqual([]);
  });

  it('is one finding with what else is wrong with the workload', async () => {
    const manifest = workload('Deployment', 'both');
    await bring('server-side apply by us', namespace, manifest);
    const [pod = ''] = await podsOf('both', 2);
    await kubectl('label', 'deployment/both', 'by-hand=yes');
    await kubectl('set', 'image', `pod/${pod}`, 'web=example.com/web:2');

    const finding = onlyFinding(await compare(manifest));

    expect(finding.type).toBe('changed');
    expect(finding.changes?.map(({ path }) => path)).toEqual([
      `/children/Pod/${pod}/spec/containers/name=web/image`,
      '/metadata/labels/by-hand',
    ]);
  });
});

describe('what really runs, under watch', () => {
  it('is told when a Pod is edited, and when it is gone', async () => {
    const manifest = workload('Deployment', 'watched');
    await bring('server-side apply by us', namespace, manifest);
    const [pod = ''] = await podsOf('watched', 2);
    const seen = await witness(opened, manifest);
    await seen.until([]);

    await kubectl('set', 'image', `pod/${pod}`, 'web=example.com/web:2');
    const told = await seen.until(['changed Deployment/watched']);
    await kubectl('delete', 'pod', pod, '--wait=false');
    await seen.until([]);

    await seen.observation.close();
    expect(told.findings[0]?.message).toBe(`Pod ${pod} does not run the image of its template (kubectl-set)`);
  });

  it('is told from the first comparison on', async () => {
    const manifest = workload('Deployment', 'before');
    await bring('server-side apply by us', namespace, manifest);
    const [pod = ''] = await podsOf('before', 2);
    await kubectl('set', 'image', `pod/${pod}`, 'web=example.com/web:2');
    const seen = await witness(opened, manifest);

    await seen.until(['changed Deployment/before']);

    await seen.observation.close();
    expect(seen.comparisons.map(({ comparison }) => comparison.verdict)).toEqual(['drifted']);
  });
});

describe('a namespace that is being deleted', () => {
  it('is said of each object in it, once and under watch', async () => {
    const leaving = await newNamespace('leaving');
    const manifest = `{apiVersion: v1, kind: ConfigMap, metadata: {name: held, namespace: ${leaving}, finalizers: [example.com/hold]}, data: {a: "1"}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: absent, namespace: ${leaving}}, data: {a: "1"}}\n`;
    await bring('server-side apply by us', leaving, manifest);
    const seen = await witness(opened, manifest);
    await seen.until([]);
    await mustKubectl('delete', 'namespace', leaving, '--wait=false');

    const words = [
      `it is being deleted; its namespace ${leaving} is being deleted`,
      `its namespace ${leaving} is being deleted`,
    ];
    const messages = (comparison: Comparison | undefined) =>
      (comparison?.findings ?? []).map(({ message }) => message).sort();
    await waitUntil('the words', () => isDeepStrictEqual(messages(seen.last()), words));
    const once = await compare(manifest);

    await seen.observation.close();
    await mustKubectl(
      '-n',
      leaving,
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
    expect(messages(once)).toEqual(words);
    expect(told(once).sort()).toEqual(['changed ConfigMap/held', 'missing ConfigMap/absent']);
  });
});
