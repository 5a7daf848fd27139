import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Metrics } from '../../src/daemon/metrics.ts';
import { settingsSchema } from '../../src/declared/settings.ts';
import { incident } from '../web/page-sample.ts';

const file = (name: string) => readFileSync(new URL(`../../alerts/${name}`, import.meta.url), 'utf8');

const rules = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^Holdfast[A-Z]\w+$/),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
            annotations: z.strictObject({ summary: z.string(), description: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(load(file('rules.yaml')));

const dashboard = z
  .looseObject({
    panels: z.array(
      z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })) }),
    ),
  })
  .parse(JSON.parse(file('dashboard.json')));

/** Every name of a metric that an expression asks for. */
const asked = (expr: string) => expr.match(/\b(holdfast|process|nodejs)_[a-z_]+\b/g) ?? [];

async function served(): Promise<Set<string>> {
  const metrics = new Metrics();
  metrics.follow(() => [incident()]);
  const names = (await metrics.registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
    String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set(names);
}

const expressions = [
  ...rules.groups.flatMap(group => group.rules.map(({ alert, expr }) => [alert, expr] as const)),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

describe('alerts and dashboard', () => {
  it.each(expressions)('%s asks for metrics that are served', async (_name, expr) => {
    const names = await served();
    expect(asked(expr)).not.toEqual([]);
    for (const name of asked(expr)) expect(names).toContain(name);
  });

  it('tell that Holdfast is blind apart from drift', () => {
    expect(rules.groups.map(({ name }) => name)).toEqual(['holdfast-blind', 'holdfast-drift']);
  });

  it('have routes that holdfast.yaml takes', () => {
    expect(settingsSchema.safeParse(load(file('slack-routes.yaml'))).error).toBeUndefined();
  });
});

describe('the metrics of incidents', () => {
  it('count what goes on and tell the age of the oldest', async () => {
    const metrics = new Metrics();
    const open = [
      incident(),
      incident({ id: 'i2', openedAt: '2026-08-03T14:00:11.000Z', state: 'acknowledged' }),
    ];
    const over = incident({ id: 'i3', state: 'resolved', openedAt: '2026-08-01T00:00:00.000Z' });
    metrics.follow(
      () => [...open, over],
      () => Date.parse('2026-08-03T14:03:11.000Z'),
    );

    const text = await metrics.registry.metrics();

    expect(text).toContain('holdfast_incidents{kind="drift",state="open"} 1');
    expect(text).toContain('holdfast_incidents{kind="drift",state="acknowledged"} 1');
    expect(text).toContain('holdfast_oldest_incident_age_seconds 180');
  });
});
