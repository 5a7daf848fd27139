import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplate, type Template } from '../../../src/drivers/cloudformation/template/template.ts';
import type { Json } from '../../../src/json/json.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);

interface Read {
  path: string;
  text: string;
  template: Template;
}

/** Every template below CORPORA: a file with a top-level Resources and a type of AWS, or that says that it is one. */
const templates: Read[] = readdirSync(corpora, { recursive: true, encoding: 'utf8' })
  .filter(path => /\.(?:ya?ml|json|template)$/.test(path))
  .sort()
  .flatMap(path => {
    const text = readFileSync(join(corpora, path), 'utf8');
    // a recorded live model is none, though it may hold one
    if (text.includes('"liveRaw"')) return [];
    if (!isTemplate(text) && !/fixtures\/templates\/(?:good|bad)\//.test(path)) return [];
    return [{ path, text, template: readTemplate(Buffer.from(text)) }];
  });

function isTemplate(text: string): boolean {
  return (
    /AWSTemplateFormatVersion/.test(text) ||
    (/^\s*"?Resources"?\s*:/m.test(text) && /\bAWS::\w+::/.test(text))
  );
}

/** Templates that a linter calls bad are bad to the linter, not always to CloudFormation. */
const isBad = (path: string) => /\/(?:bad|.*fail.*|.*invalid.*)\//.test(path);
const errors = ({ template }: Read) => template.problems.filter(({ remark }) => remark !== true);
/** What a packager makes into a template is none yet; vectors are the input of other tools. */
const isForOthers = ({ path, template }: Read) =>
  path.startsWith('vectors/') || template.problems.some(({ message }) => /packager|Rain/.test(message));

describe(`${templates.length} templates`, () => {
  it('are there', () => {
    expect(templates.length).toBeGreaterThan(0);
  });

  it('have their problems on lines that they have', () => {
    for (const { path, text, template } of templates) {
      const lines = text.split('\n').length + 1;
      for (const { line } of template.problems) expect.soft(line, path).toBeLessThanOrEqual(lines);
    }
  });

  it('in JSON are read as JSON, and what is no JSON is refused', () => {
    for (const { path, text, template } of templates) {
      if (!/^\s*\{/.test(text) || !/\.(?:json|template)$/.test(path)) continue;
      const plain = parsed(text);
      if (plain === undefined) expect.soft(template.problems[0]?.code, path).toBe('HF1901');
      else expect.soft(template.body, path).toEqual(plain);
    }
  });

  it('that are not called bad parse, and hardly one is refused for more than what is nowhere in it', () => {
    const good = templates.filter(read => !isBad(read.path) && !isForOthers(read));
    const refused = good.flatMap(read =>
      errors(read)
        .filter(({ message }) => !isTrulyMissing(read, message))
        .map(({ line, message }) => `${read.path}:${line} ${message}`),
    );
    process.stdout.write(`${good.length} good templates; refused:\n${refused.join('\n')}\n`);
    expect(good.flatMap(read => errors(read).filter(({ code }) => code === 'HF1901'))).toEqual([]);
    expect(refused.length).toBeLessThanOrEqual(good.length * 0.02);
  });

  it('that a preprocessor must see first say so, or parse', () => {
    for (const read of templates.filter(isForOthers)) {
      expect
        .soft(
          errors(read).some(({ code, message }) => code === 'HF1901' && !/mapping with/.test(message)),
          read.path,
        )
        .toBe(false);
    }
  });

  it('with a twin in the other notation are equal to it', () => {
    let twins = 0;
    const different: string[] = [];
    const byPath = new Map(templates.map(read => [read.path, read]));
    for (const yaml of templates) {
      const json = byPath.get(yaml.path.replace(/\.ya?ml$/, '.json'));
      if (json === undefined || json === yaml || errors(yaml).length + errors(json).length > 0) continue;
      twins += 1;
      if (sameText(yaml.template.body) !== sameText(json.template.body)) different.push(yaml.path);
    }
    process.stdout.write(
      `${twins} twins in YAML and JSON, ${different.length} differ: ${different.join(', ')}\n`,
    );
    expect(different.length).toBeLessThanOrEqual(twins * 0.25);
  });

  it('are counted by class', () => {
    const table = new Map<string, { templates: number; refused: number; unreadable: number }>();
    for (const read of templates) {
      const name = read.path.split('/').slice(0, -1).slice(0, 5).join('/');
      const row = table.get(name) ?? { templates: 0, refused: 0, unreadable: 0 };
      row.templates += 1;
      if (errors(read).length > 0) row.refused += 1;
      if (errors(read).some(({ code }) => code === 'HF1901')) row.unreadable += 1;
      table.set(name, row);
    }
    for (const [name, { templates: all, refused, unreadable }] of table)
      process.stdout.write(`${name}: ${all} templates, ${refused} refused, ${unreadable} unreadable\n`);
    expect(table.size).toBeGreaterThan(0);
  });
});

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
  } catch {
    return undefined;
  }
}

/** ‘there is no … ‘Name’’ is right when the text declares no such key. */
function isTrulyMissing({ text }: Read, message: string): boolean {
  const name = /^there is no .*‘(.+?)’ in the template$/.exec(message)?.[1];
  return (
    name !== undefined && !new RegExp(`^\\s*["']?${name.replace(/[^\w]/g, '\\$&')}["']?\\s*:`, 'm').test(text)
  );
}

/** CloudFormation takes `true` for "true" and 5 for "5": so twins may differ in that, and in the blanks of long texts. */
function sameText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sameText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value).replace(/\s+/g, ' ').trim();
  return `{${Object.keys(value)
    .sort()
    .map(key => `${key}:${sameText(value[key] ?? null)}`)
    .join(',')}}`;
}
