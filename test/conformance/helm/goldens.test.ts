import { beforeAll, expect, inject, it } from 'vitest';
import { differing, type Place } from '../../../src/declared/helm/differing.ts';
import { type PrintedObject, printedKey, readPrinted } from '../../../src/declared/helm/output.ts';
import { folderOf, isWithin } from '../../../src/declared/units/paths.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { equal } from '../../../src/json/value.ts';
import { unitOf } from './support/bench.ts';
import { type CorpusChart, corpusCharts } from './support/charts.ts';

beforeAll(() => {
  process.env['HOLDFAST_HELM'] = inject('helm');
});

const charts = await corpusCharts();
/** Examples with what their maintainers rendered; of several files of values each was rendered by itself, into one folder. */
const examples = charts.flatMap(chart => {
  const files = chart.variants.flatMap(values => (values === undefined ? [] : [values]));
  return [...Map.groupBy(files, folderOf)].flatMap(([example, values]) => {
    const rendered = `${example}/rendered`;
    const has = chart.tree.files.some(({ path }) => path.startsWith(`${rendered}/`));
    return has ? [{ chart, example, values, rendered }] : [];
  });
});
/** The newest first; charts ask for the version. */
const versions = ['v1.34.0', 'v1.32.0'];
const totals = { examples: 0, reproduced: 0, objects: 0, cannot: [] as string[] };

it.each(examples)(
  '$chart.set $example renders as its maintainers had it',
  async ({ chart, values, rendered }) => {
    totals.examples += 1;
    const golden = await goldenOf(chart, rendered);
    const tried: string[][] = [];
    for (const kubernetesVersion of versions) {
      const wrong = await differences(chart, values, golden, kubernetesVersion);
      if (wrong === undefined) return;
      tried.push(wrong);
      if (wrong.length === 0) break;
    }
    // the goldens do not say for which version they were rendered
    expect(tried.find(wrong => wrong.length === 0) ?? tried[0]).toEqual([]);
    totals.reproduced += 1;
    totals.objects += golden.size;
  },
);

type Golden = Map<string, JsonObject>;

/** Undefined where the chart cannot be rendered without a network. */
async function differences(
  chart: CorpusChart,
  values: readonly string[],
  golden: Golden,
  kubernetesVersion: string,
): Promise<string[] | undefined> {
  const capabilities = { kubernetesVersion, apiVersions: [] };
  const ours = new Map<string, PrintedObject>();
  const unsteady = new Map<string, readonly Place[]>();
  for (const file of values) {
    const unit = await unitOf(chart, file, { release: 'example', namespace: 'default' }, capabilities);
    const rendering = unit.release?.rendering;
    if (rendering === undefined) {
      const why = unit.findings[0]?.message ?? '';
      expect(why).toMatch(/^HF1802/);
      totals.cannot.push(`${file}: ${why.slice(0, 100)}`);
      return undefined;
    }
    for (const each of [...rendering.objects, ...rendering.hooks]) ours.set(printedKey(each), each);
    for (const each of rendering.objects) unsteady.set(printedKey(each), each.unsteady);
  }
  const wrong = [...golden].flatMap(([key, object]) => {
    const own = ours.get(key);
    if (own === undefined) return [`${key} is not rendered`];
    const random = unsteady.get(key) ?? [];
    const places = differing(own.object, object).filter(
      place => !random.some(each => equal([...each], place.slice(0, each.length))),
    );
    return places.length > 0 ? [`${key}: ${places.map(place => place.join('/')).join(', ')}`] : [];
  });
  const more = [...ours.keys()].filter(key => !golden.has(key));
  return [...wrong, ...more.map(key => `${key} is rendered, and not in the golden`)];
}

it('prints what was reproduced', () => {
  process.stdout.write(`rendered goldens: ${JSON.stringify(totals, undefined, 1)}\n`);
  expect(totals.reproduced + totals.cannot.length).toBe(totals.examples);
});

async function goldenOf(chart: CorpusChart, folder: string): Promise<Golden> {
  const paths = chart.tree.files.map(({ path }) => path).filter(path => isWithin(path, folder));
  const bytes = await chart.tree.read(paths);
  const printed = [...bytes.values()].map(text => readPrinted(text.toString('utf8')));
  const all = printed.flatMap(({ objects, hooks }) => [...objects, ...hooks]);
  return new Map(all.map(each => [printedKey(each), each.object]));
}
