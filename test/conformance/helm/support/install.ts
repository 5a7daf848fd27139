import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import { ParseCache } from '../../../../src/declared/cache.ts';
import type { DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import { capabilitiesOf } from '../../../../src/drivers/helm/capabilities.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { type Place, provideNamespaces } from '../../corpora/support/world.ts';
import { helmWith, unitOf } from './bench.ts';
import type { CorpusChart } from './charts.ts';

/** What became of one chart with one file of values. */
export interface ChartResult {
  chart: string;
  values: string;
  /** `compared`, or why it was not. */
  class: 'compared' | 'library' | 'dependency' | 'not rendered' | 'nothing' | 'kinds' | 'refused';
  why: string;
  objects: number;
  renderMs: number;
  cachedMs: number;
  compareMs: number;
  findings: string[];
  /** Hand edits that were made afterwards, and those that were not told. */
  edits: number;
  missed: string[];
}

const release = 'rel';

/** Installs a chart by the real helm on a real server, compares, and takes it away again. */
export async function installed(
  place: Place,
  driver: Driver,
  chart: CorpusChart,
  variant: string | undefined,
  namespace: string,
): Promise<ChartResult> {
  const cache = new ParseCache();
  cache.begin();
  place.cluster.forgetKinds();
  const capabilities = await capabilitiesOf(place.cluster);
  const [unit, renderMs] = await timed(() =>
    unitOf(chart, variant, { release, namespace }, capabilities, cache),
  );
  const [, cachedMs] = await timed(() => unitOf(chart, variant, { release, namespace }, capabilities, cache));
  const result: ChartResult = {
    chart: `${chart.set}/${chart.path}`,
    values: variant?.slice(chart.path.length + 1) ?? 'defaults',
    class: 'compared',
    why: '',
    objects: unit.objects.length,
    renderMs,
    cachedMs,
    compareMs: 0,
    findings: [],
    edits: 0,
    missed: [],
  };
  if (unit.unrendered !== undefined || unit.findings.length > 0) return { ...result, ...unrendered(unit) };
  const named = unit.objects.flatMap(({ ref }) => (ref.namespace === undefined ? [] : [ref.namespace]));
  const own = unit.objects.flatMap(({ ref }) => (ref.kind === 'Namespace' ? [ref.name] : []));
  await provideNamespaces(place, new Set([namespace, ...named].filter(name => !own.includes(name))));
  const { kubeconfig } = place.controlPlane;
  try {
    const options = ['--namespace', namespace, '--no-hooks', '--timeout', '60s'];
    const { code, stderr } = await helmWith(unit, kubeconfig, ['install', release], options);
    if (code !== 0) return { ...result, ...refusal(stderr) };
    const [comparison, compareMs] = await timed(() => settled(driver, unit));
    const whole = await withoutInterceptors(place, driver, unit, comparison);
    const edited =
      comparison.findings.length > 0 ? { edits: 0, missed: [] } : await editedByHand(place, driver, unit);
    return { ...result, compareMs, findings: whole, ...edited };
  } finally {
    await remove(place, unit, namespace);
  }
}

const editable = [
  'ConfigMap',
  'Service',
  'ServiceAccount',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ClusterRole',
];

/** Labels some objects by hand, deletes one, and has helm itself set a value: each must be told, and named for what it is. */
async function editedByHand(
  place: Place,
  driver: Driver,
  unit: DeclaredUnit,
): Promise<Pick<ChartResult, 'edits' | 'missed'>> {
  const namespace = unit.release?.namespace ?? '';
  const objects = unit.objects.filter(({ ref }) => editable.includes(ref.kind));
  const gone = objects.find(({ ref }) => ref.kind === 'Service' || ref.kind === 'ConfigMap');
  const labelled = objects.filter(object => object !== gone).slice(0, 4);
  const wanted: string[] = [];
  const at = (name: string | undefined) => ['--namespace', name ?? namespace];
  for (const { ref } of labelled) {
    const { code } = await kubectl(place, 'label', ref.kind, ref.name, 'by-hand=yes', ...at(ref.namespace));
    if (code === 0) wanted.push(`${ref.kind} ${ref.name} /metadata/labels/by-hand`);
  }
  if (gone !== undefined) {
    const { ref } = gone;
    const { code } = await kubectl(place, 'delete', ref.kind, ref.name, ...at(ref.namespace));
    if (code === 0) wanted.push(`${ref.kind} ${ref.name} missing`);
  }
  const env = { KUBECONFIG: place.controlPlane.kubeconfig };
  const args = [
    'upgrade',
    release,
    '--namespace',
    namespace,
    '--no-hooks',
    '--reuse-values',
    '--set',
    'global.byHand=yes',
  ];
  // a chart whose schema allows no further value refuses it
  if ((await helmWith(unit, env.KUBECONFIG, args.slice(0, 2), args.slice(2))).code === 0)
    wanted.push('Release values');
  const { findings } = await driver.compare(unit, {
    revision: null,
    settings: defaultSettings,
    units: [unit],
  });
  const told = findings.flatMap(({ type, resource, changes = [] }) => {
    const title = 'kind' in resource ? `${resource.kind} ${resource.name}` : resource.type;
    const values = changes.some(({ path }) => path.startsWith('/values/')) ? ['values'] : [];
    return [type, ...values, ...changes.map(({ path }) => path)].map(what => `${title} ${what}`);
  });
  // helm puts back what is gone when it upgrades
  const back = wanted.includes('Release values') ? (each: string) => !each.endsWith(' missing') : () => true;
  // some charts refuse to be rendered for an upgrade without their passwords: then the unit is told as unknown, never as in sync
  const blind = told.includes('Unit unknown') ? (each: string) => each !== 'Release values' : () => true;
  const missed = wanted.filter(each => back(each) && blind(each) && !told.includes(each));
  return { edits: wanted.length, missed };
}

async function timed<T>(task: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const value = await task();
  return [value, Math.round(performance.now() - started)];
}

function unrendered({ findings }: DeclaredUnit): Pick<ChartResult, 'class' | 'why'> {
  const why = (findings[0]?.message ?? '').slice(0, 150);
  if (why.startsWith('HF1802')) return { class: 'dependency', why };
  if (why.startsWith('HF1805')) return { class: 'library', why };
  return { class: why.includes('renders to no object') ? 'nothing' : 'not rendered', why };
}

function refusal(stderr: string): Pick<ChartResult, 'class' | 'why'> {
  const why = stderr
    .replace(/\s+/g, ' ')
    .replace(/^.*?Error: /, '')
    .slice(0, 200);
  return { class: /no matches for kind/.test(stderr) ? 'kinds' : 'refused', why };
}

/** Controllers may still be busy with what was installed. */
async function settled(driver: Driver, unit: DeclaredUnit): Promise<Comparison> {
  const declaration = { revision: null, settings: defaultSettings, units: [unit] };
  for (let attempt = 1; ; attempt += 1) {
    const comparison = await driver.compare(unit, declaration);
    if (comparison.findings.length === 0 || attempt >= 4) return comparison;
    await sleep(attempt * 500);
  }
}

const interceptors = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'];

/**
 * Nobody answers for the webhooks of a chart whose programs do not run. What they keep from being told is told without them; then
 * they alone are missing.
 */
async function withoutInterceptors(
  place: Place,
  driver: Driver,
  unit: DeclaredUnit,
  comparison: Comparison,
): Promise<string[]> {
  const words = ({ findings }: Comparison) =>
    findings.map(({ type, resource, changes = [], message }) =>
      [type, JSON.stringify(resource), ...changes.map(({ path, op }) => `${op} ${path}`), message ?? ''].join(
        ' ',
      ),
    );
  const blocked = comparison.findings.some(({ message }) => /webhook/.test(message ?? ''));
  if (!blocked) return words(comparison);
  const names = unit.objects.filter(({ ref }) => interceptors.includes(`${ref.kind.toLowerCase()}s`));
  for (const { ref } of names)
    await kubectl(place, 'delete', `${ref.kind.toLowerCase()}s`, ref.name, '--ignore-not-found');
  const again = await settled(driver, unit);
  return words({
    ...again,
    findings: again.findings.filter(
      ({ resource, type }) =>
        !(
          type === 'missing' &&
          'kind' in resource &&
          interceptors.includes(`${resource.kind.toLowerCase()}s`)
        ),
    ),
  });
}

async function remove(place: Place, unit: DeclaredUnit, namespace: string): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: place.controlPlane.kubeconfig };
  const args = ['uninstall', release, '--namespace', namespace, '--no-hooks', '--ignore-not-found'];
  await runCommand(inject('helm'), args, { env, timeoutMs: 120_000 });
  const definitions = unit.objects.filter(({ ref }) => ref.kind === 'CustomResourceDefinition');
  if (definitions.length > 0)
    await kubectl(
      place,
      'delete',
      'crd',
      ...definitions.map(({ ref }) => ref.name),
      '--ignore-not-found',
      '--timeout=20s',
    );
  await kubectl(place, 'delete', 'namespace', namespace, '--wait=false', '--ignore-not-found');
}

function kubectl(place: Place, ...args: string[]) {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: place.controlPlane.kubeconfig };
  return runCommand(inject('kubectl'), args, { env, timeoutMs: 60_000 });
}
