import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppliedResource } from '../../../../src/drivers/driver.ts';
import {
  type Files,
  type HelmBench,
  helmBench,
  helms,
  recordOf,
  releaseWords,
  rewriteRecord,
  told,
  unitYaml,
  webChart,
} from './support/bench.ts';

describe.each(helms)('%s', (_, helm) => {
  let bench: HelmBench;
  beforeEach(async () => {
    bench = await helmBench(helm);
  });
  afterEach(() => bench.close());

  const revision = (letter: string) => letter.repeat(40);

  async function planned(files: Files, at = revision('a')) {
    const { unit, declaration } = await bench.declared(files, at);
    return { unit, declaration, plan: await bench.driver.plan(unit, declaration) };
  }

  async function converge(files: Files, at = revision('a')): Promise<AppliedResource[]> {
    const { unit, declaration, plan } = await planned(files, at);
    const options = { onResource: () => {}, signal: new AbortController().signal, healthTimeoutMs: 40_000 };
    return bench.driver.apply(unit, declaration, plan, options);
  }

  interface Row {
    revision: number;
    status: string;
    description: string;
  }
  const history = async (): Promise<Row[]> => JSON.parse(await bench.helm('history', 'web', '-o', 'json'));
  const results = (applied: AppliedResource[]) => applied.map(({ result }) => result);

  it('a new release is installed by helm, with its record, and is in sync then', async () => {
    const { plan } = await planned(webChart);
    expect(
      plan.actions.map(
        ({ action, resource }) => `${action} ${'kind' in resource ? resource.kind : resource.type}`,
      ),
    ).toEqual(['create Release', 'create ConfigMap', 'create Deployment']);
    expect(results(await converge(webChart))).toEqual(['applied', 'applied', 'applied']);
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect(await history()).toMatchObject([
      { revision: 1, status: 'deployed', description: `Holdfast ${revision('a')}` },
    ]);
  });

  it('a changed value makes a revision, and the change taken back another one', async () => {
    const blue = {
      ...webChart,
      'helm/web/values.yaml': `${webChart['helm/web/values.yaml']}`.replace('red', 'blue'),
    };
    await converge(webChart);
    await converge(blue, revision('b'));
    expect(told(await bench.compare(blue))).toEqual([]);
    await converge(webChart, revision('c'));
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect(
      (await history()).map(({ status, description }) => `${status} ${description.slice(0, 10)}`),
    ).toEqual(['superseded Holdfast a', 'superseded Holdfast b', 'deployed Holdfast c']);
  });

  it('values that somebody set by hand are taken back, and objects that came with them go', async () => {
    await converge(webChart);
    await bench.install(webChart, '--set', 'colour=blue', '--set', 'extra=true');
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect((await history()).map(row => row.revision)).toEqual([1, 2, 3]);
  });

  it('where only live strayed the objects are put right and helm makes no revision', async () => {
    await converge(webChart);
    await bench.kubectl('set', 'image', 'deployment/web', 'web=example.com/web:9');
    await bench.kubectl('patch', 'configmap', 'web-settings', '-p', '{"data":{"more":"1"}}');
    expect((await planned(webChart)).plan.actions).toMatchObject([
      { action: 'change', resource: { kind: 'ConfigMap' } },
      { action: 'change', resource: { kind: 'Deployment' } },
    ]);
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect(await history()).toHaveLength(1);
  });

  it('what helm leaves of hand edits is put right after its upgrade', async () => {
    await converge(webChart);
    await bench.kubectl('patch', 'configmap', 'web-settings', '-p', '{"data":{"more":"1"}}');
    await bench.install(webChart, '--set', 'colour=blue');
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
  });

  it('a deleted record is made anew over the objects that are there', async () => {
    await converge(webChart);
    await bench.kubectl('delete', 'secret', recordOf(1));
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect(await history()).toHaveLength(1);
  });

  it('objects of another tool are taken over', async () => {
    await bench.apply(await bench.helm('template', 'web', await bench.folder(webChart)));
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
  });

  describe('an interrupted upgrade', () => {
    it('of somebody else is left alone for a while', async () => {
      await bench.install(webChart);
      await bench.install(webChart, '--set', 'colour=blue');
      await rewriteRecord(bench, 2, 'pending-upgrade');
      await rewriteRecord(bench, 1, 'deployed');
      await expect(planned(webChart)).rejects.toMatchObject({ code: 'HF1810' });
    });

    it('is recovered once it has not moved for long, and its history is kept', async () => {
      await bench.install(webChart);
      await bench.install(webChart, '--set', 'colour=blue');
      await rewriteRecord(bench, 2, 'pending-upgrade', '2020-01-01T00:00:00Z');
      await rewriteRecord(bench, 1, 'deployed');
      await converge(webChart);
      expect(told(await bench.compare(webChart))).toEqual([]);
      expect((await history()).map(({ status }) => status)).toEqual(['superseded', 'failed', 'deployed']);
    });

    it('of our own is recovered at once: it cannot go on without us', async () => {
      await converge(webChart);
      await rewriteRecord(bench, 1, 'pending-install');
      await converge(webChart);
      expect(told(await bench.compare(webChart))).toEqual([]);
      expect((await history()).map(({ status }) => status)).toEqual(['superseded', 'deployed']);
    });
  });

  it('an upgrade that cannot succeed fails with the words of helm, and what was deployed is put back', async () => {
    await converge(webChart);
    const bad =
      'apiVersion: v1\nkind: Service\nmetadata: { name: bad }\nspec: { ports: [{ port: 99999999 }] }\n';
    const broken = { ...webChart, 'helm/web/templates/bad.yaml': bad };
    const applied = await converge(broken, revision('b'));
    const failed = applied.find(({ result }) => result === 'failed');
    expect(failed).toMatchObject({ resource: { type: 'Release' }, code: 'HF1809' });
    expect(failed?.message).toMatch(/^HF1809 helm says: .*99999999/);
    expect(told(await bench.compare(webChart))).toEqual([]);
  });

  it('declared definitions are converged first, and upgraded, which helm never does', async () => {
    const group = `${bench.namespace}.example.com`;
    const crd = (more: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gizmos.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { plural: gizmos, kind: Gizmo }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer }${more} } } } } } }]
`;
    const gizmo = (more: string) =>
      `apiVersion: ${group}/v1\nkind: Gizmo\nmetadata: { name: one }\nspec: { size: 1${more} }\n`;
    const first = {
      ...webChart,
      'helm/web/crds/gizmo.yaml': crd(''),
      'helm/web/templates/gizmo.yaml': gizmo(''),
    };
    const second = {
      ...webChart,
      'helm/web/crds/gizmo.yaml': crd(', colour: { type: string }'),
      'helm/web/templates/gizmo.yaml': gizmo(', colour: red'),
    };
    await converge(first);
    expect(told(await bench.compare(first))).toEqual([]);
    await converge(second, revision('b'));
    expect(told(await bench.compare(second))).toEqual([]);
    expect(await bench.kubectl('get', `gizmos.${group}`, 'one', '-o', 'jsonpath={.spec.colour}')).toBe('red');
    await bench.kubectl('delete', 'crd', `gizmos.${group}`);
  });

  it('hooks run with the upgrade, and are no part of the comparison', async () => {
    const hook = `apiVersion: v1
kind: ConfigMap
metadata:
  name: before
  annotations: { helm.sh/hook: "pre-install,pre-upgrade" }
data: { ran: "yes" }
`;
    const files = { ...webChart, 'helm/web/templates/hook.yaml': hook };
    await converge(files);
    expect(await bench.kubectl('get', 'configmap', 'before', '-o', 'jsonpath={.data.ran}')).toBe('yes');
    const comparison = await bench.compare(files);
    expect(told(comparison)).toEqual([]);
    expect(comparison.notes?.[0]?.message).toBe(
      'not compared are hooks, which helm runs: ConfigMap before (pre-install, pre-upgrade)',
    );
  });

  it('a hook that the declaration has otherwise is told, and comes with the next upgrade', async () => {
    const hook = (ran: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: before\n  annotations: { helm.sh/hook: pre-upgrade }\ndata: { ran: "${ran}" }\n`;
    const files = (ran: string) => ({ ...webChart, 'helm/web/templates/hook.yaml': hook(ran) });
    await converge(files('one'));
    expect(told(await bench.compare(files('two')))).toEqual([
      'changed Release NS/web /hooks/ConfigMap/before',
    ]);
    await converge(files('two'), revision('b'));
    expect(told(await bench.compare(files('two')))).toEqual([]);
    expect(await bench.kubectl('get', 'configmap', 'before', '-o', 'jsonpath={.data.ran}')).toBe('two');
  });

  it('without release record: server-side apply, and nothing of helm in the cluster', async () => {
    const files = { ...webChart, 'holdfast.yaml': unitYaml('NS', ', helm: { apply: server-side }') };
    await converge(files);
    const comparison = await bench.compare(files);
    expect(told(comparison)).toEqual([]);
    expect(releaseWords(comparison)).toBeUndefined();
    expect(await bench.kubectl('get', 'secrets', '-o', 'name')).not.toContain('sh.helm');
  });

  it('what was uninstalled with its history kept is installed again', async () => {
    await converge(webChart);
    await bench.helm('uninstall', 'web', '--keep-history');
    await converge(webChart);
    expect(told(await bench.compare(webChart))).toEqual([]);
    expect((await history()).at(-1)).toMatchObject({ status: 'deployed' });
  });

  it('what nobody declares any more takes a default of the chart away, and null stays in sync', async () => {
    const files = {
      ...webChart,
      'holdfast.yaml': unitYaml('NS', ', helm: { values: { extra: null, auth: { password: null } } }'),
    };
    await converge(files);
    expect(told(await bench.compare(files))).toEqual([]);
  });
});
