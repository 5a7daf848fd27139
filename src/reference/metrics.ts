import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Metrics } from '../daemon/metrics.ts';

/** Where the metrics are published for people; checked to be fresh by a test. */
export const publishedPage: string = fileURLToPath(new URL('../../docs/metrics.md', import.meta.url));

/** prom-client keeps the labels with each metric, and its types do not say so. */
const metricSchema = z.looseObject({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  labelNames: z.array(z.string()).default([]),
});

/** The text of the published page: every metric of our own with its type and labels. */
export async function pageText(): Promise<string> {
  const metrics = new Metrics();
  metrics.follow(() => []);
  const values = await metrics.registry.getMetricsAsJSON();
  const own = values.filter(({ name }) => name.startsWith('holdfast_')).map(({ name }) => name);
  const rows = own.sort().map(name => {
    const { help, type, labelNames } = metricSchema.parse({
      ...metrics.registry.getSingleMetric(name),
      type: values.find(one => one.name === name)?.type,
    });
    const labels = labelNames.map(label => `\`${label}\``).join(' ');
    return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
  });
  return [
    '# Metrics',
    '',
    'Served at `/metrics` by both roles, beside the usual ones of a process (`process_…`, `nodejs_…`). `npm run docs` writes this page.',
    'Rules and a dashboard that use them are in `alerts/`; [operating](operate.md) says what to look at.',
    '',
    '| name | type | labels | what it is |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(publishedPage, await pageText());
