import { describe, expect, it } from 'vitest';
import { type Known, known } from '../../../src/drivers/cloudformation/live/known.ts';
import type { Json, JsonObject } from '../../../src/json/json.ts';
import { judge, pathOf, type RecordedCase, recordedCases, touches } from './support/cases.ts';

const cases = recordedCases();
const services = [...new Set(cases.map(({ service }) => service))].sort();

interface Outcome {
  /** Declared values called drift that are none, and drift that was not seen. */
  wrong: string[];
  missed: string[];
  /** Undeclared values by what a person who knows called them and what we call them. */
  classes: [string, string][];
  /** Undeclared values where one calls real what the other does not. */
  misclassed: string[];
}

function outcomeOf(one: RecordedCase, table: Known): Outcome {
  const { differing, extras } = judge(one, table);
  const expected = (tier: string) =>
    one.expected.filter(each => each.tier === tier).map(({ path }) => pathOf(path));
  const found = differing.map(({ path }) => pathOf(path));
  const drift = expected('declared');
  const wrong = found.filter(path => !drift.some(each => touches(path, each)));
  const missed = drift.filter(path => !found.some(each => touches(path, each)));
  const classes: [string, string][] = [];
  const misclassed: string[] = [];
  for (const [tier, name] of [
    ['atDefault', 'default'],
    ['generated', 'managed'],
    ['undeclared', 'real'],
  ] as const) {
    for (const path of expected(tier)) {
      const ours = extras.filter(extra => touches(pathOf(extra.path), path)).map(({ origin }) => origin);
      const origin =
        (['real', 'presumed', 'managed', 'default'] as const).find(each => ours.includes(each)) ?? 'default';
      classes.push([name, origin]);
      if ((name === 'real') !== (origin === 'real')) misclassed.push(`${path}: ${name}, we say ${origin}`);
    }
  }
  const known = ['atDefault', 'generated', 'undeclared'].flatMap(expected);
  for (const { path, origin } of extras) {
    if (origin === 'real' && !known.some(each => touches(pathOf(path), each)))
      misclassed.push(`${pathOf(path)}: nothing, we say real`);
  }
  return { wrong, missed, classes, misclassed };
}

describe(`${cases.length} recorded live models of ${new Set(cases.map(one => one.resource.resourceType)).size} types`, () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it('show no drift of declared values where there is none, and all drift where there is', () => {
    const outcomes = cases.map(one => ({
      file: one.file,
      known: known.has(one.resource.resourceType),
      ...outcomeOf(one, known),
    }));
    const bad = outcomes.filter(({ wrong, missed }) => wrong.length + missed.length > 0);
    const brief = bad.map(({ file, wrong, missed }) => ({ file, wrong, missed }));
    process.stdout.write(`verdict wrong: ${JSON.stringify(brief)}\n`);
    // of a type that the table does not have, the general rules alone are held to what they are held to below
    expect(brief.filter((_, at) => bad[at]?.known === true)).toEqual([]);
    expect(bad.length).toBeLessThanOrEqual(0.05 * outcomes.filter(each => !each.known).length);
    process.stdout.write(
      tableOf(
        outcomes.flatMap(({ classes }) => classes),
        'with all that is known of types',
      ),
    );
    const misclassed = outcomes.filter(each => each.misclassed.length > 0);
    for (const each of misclassed) process.stdout.write(`${each.file}: ${each.misclassed.join('; ')}\n`);
    expect(misclassed.filter(each => each.known).length).toBeLessThanOrEqual(cases.length * 0.02);
    expect(misclassed.length).toBeLessThanOrEqual(cases.length * 0.05);
  });

  it('are judged as well without what is known of the types of a service, for each service', () => {
    const rows: string[] = [];
    let [verdicts, classed] = [0, 0];
    const classes: [string, string][] = [];
    for (const service of services) {
      const table = known.without(service);
      const outcomes = cases.filter(one => one.service === service).map(one => outcomeOf(one, table));
      const right = outcomes.filter(({ wrong, missed }) => wrong.length + missed.length === 0);
      const all = right.filter(({ misclassed }) => misclassed.length === 0);
      verdicts += right.length;
      classed += all.length;
      classes.push(...outcomes.flatMap(outcome => outcome.classes));
      rows.push(
        `${service.padEnd(26)} ${String(outcomes.length).padStart(4)} cases, verdict right ${right.length}, and every class ${all.length}`,
      );
    }
    const percent = (count: number) => `${((100 * count) / cases.length).toFixed(1)} %`;
    process.stdout.write(`leave one service out:\n${rows.join('\n')}\n`);
    process.stdout.write(
      `verdict right in ${percent(verdicts)}, verdict and every class in ${percent(classed)} of the cases\n`,
    );
    process.stdout.write(tableOf(classes, 'without what is known of the service'));
    expect(verdicts / cases.length).toBeGreaterThanOrEqual(0.95);
    expect(classed / cases.length).toBeGreaterThanOrEqual(0.95);
  });

  it('show drift when any declared value that AWS gives back is changed', () => {
    let changed = 0;
    const blind: string[] = [];
    for (const one of cases.filter(each => outcomeOf(each, known).classes.length >= 0)) {
      const before = judge(one, known);
      if (before.differing.length > 0) continue;
      const skip = before.unread.map(pathOf);
      for (const leaf of declaredLeaves(one.resource.declared)) {
        if (skip.some(path => touches(path, leaf.pattern)) || leaf.pattern.startsWith('Tags')) continue;
        const live = withOther(one.liveRaw, leaf.value);
        if (live === undefined) continue;
        changed += 1;
        if (judge(one, known, live).differing.length === 0)
          blind.push(`${one.file} ${leaf.pattern} ${leaf.value}`);
      }
    }
    process.stdout.write(
      `${changed} values changed by hand, ${blind.length} not seen\n${blind.slice(0, 40).join('\n')}\n`,
    );
    expect(changed).toBeGreaterThan(cases.length);
    expect(blind.length).toBeLessThanOrEqual(changed * 0.01);
  });
});

/** Texts that are long enough to be found again in the live model, with where they are declared. */
function declaredLeaves(value: Json, pattern: string[] = []): { value: string; pattern: string }[] {
  if (typeof value === 'string' && value.length > 3 && !value.includes('\u0000'))
    return [{ value, pattern: pattern.join('.') }];
  if (Array.isArray(value)) return value.flatMap(item => declaredLeaves(item, [...pattern, '*']));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => declaredLeaves(child, [...pattern, key]));
}

/** The live model with another value in place of the first equal one; undefined where no value is equal. */
function withOther(live: JsonObject, text: string): JsonObject | undefined {
  let done = 0;
  const replaced = (value: Json): Json => {
    if (value === text) {
      done += 1;
      return `${text}-by-hand`;
    }
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replaced(child)]));
  };
  const other = replaced(live) as JsonObject;
  return done > 0 ? other : undefined;
}

function tableOf(classes: readonly [string, string][], title: string): string {
  const counts = new Map<string, number>();
  for (const pair of classes) counts.set(pair.join(' → '), (counts.get(pair.join(' → ')) ?? 0) + 1);
  const rows = [...counts].sort().map(([pair, count]) => `  ${pair.padEnd(24)} ${count}`);
  return `undeclared values (as recorded → as we say), ${title}:\n${rows.join('\n')}\n`;
}
