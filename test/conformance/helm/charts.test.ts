import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { helmDriver } from '../../../src/drivers/helm/driver.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import { openPlace, type Place } from '../corpora/support/world.ts';
import { corpusCharts } from './support/charts.ts';
import { type ChartResult, installed } from './support/install.ts';

/** How many ways to render each chart are installed; 0 for all of them (`HELM_VARIANTS=0`, the long form). */
const variants = Number(process.env['HELM_VARIANTS'] ?? 2);

let place: Place;
let driver: Driver;
beforeAll(async () => {
  process.env['HOLDFAST_HELM'] = inject('helm');
  place = await openPlace();
  const { connection } = place;
  driver = helmDriver({ connection, manifests: kubernetesDriver({ connection }) });
});
afterAll(() => place.close());

const charts = await corpusCharts();
const runs = charts.flatMap(chart => {
  // charts that need values have no other way than those of ci/ or of an example
  const chosen = variants === 0 ? chart.variants : chart.variants.slice(0, variants);
  return chosen.map(values => ({
    chart,
    values,
    name: `${chart.set}/${chart.path} ${values ?? 'defaults'}`,
  }));
});
/** By the name of the test: one that is run again counts once. */
const results = new Map<string, ChartResult>();
let namespaces = 0;

it.each(runs)('$name, installed by helm, has no finding', async ({ chart, values, name }) => {
  const result = await installed(place, driver, chart, values, `chart-${++namespaces}`);
  results.set(name, result);
  expect(result.findings).toEqual([]);
  expect(result.missed).toEqual([]);
});

it('prints what was compared, and says of all others why not', () => {
  const all = [...results.values()];
  const rows = all.map(({ chart, values, class: what, objects, renderMs, cachedMs, compareMs, edits, why }) =>
    [
      what,
      chart,
      values,
      `${objects} objects`,
      `${renderMs} ms`,
      `cached ${cachedMs} ms`,
      `compared ${compareMs} ms`,
      `${edits} edits told`,
      why,
    ].join(' | '),
  );
  process.stdout.write(`charts:\n${rows.join('\n')}\n`);
  const compared = all.filter(result => result.class === 'compared');
  expect(compared.length).toBeGreaterThan(0);
  for (const { class: what, why } of all) if (what !== 'compared') expect(why).not.toBe('');
});
