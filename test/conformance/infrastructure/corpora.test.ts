import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderTree } from '../../../src/declared/folder.ts';
import { blocksOf } from '../../../src/declared/terraform/blocks.ts';
import { isConfiguration, moduleReach } from '../../../src/declared/terraform/module.ts';
import { realRuns } from '../../../src/drivers/ansible/scan.ts';
import { planOf } from '../../../src/drivers/terraform/digest.ts';
import { judge } from '../../../src/drivers/terraform/findings.ts';
import { readPlan } from '../../../src/drivers/terraform/plan-file.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);

/** Every file below the corpora, by what its name says; whatever sets lie there. */
const files = readdirSync(corpora, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
  .sort();
const named = (file: string) => relative(corpora, file);
const setsOf = (some: readonly string[]) => [
  ...new Set(some.map(file => named(file).split('/', 1)[0] ?? '')),
];

describe('Terraform modules', () => {
  const modules = files.filter(isConfiguration);

  it.each(setsOf(modules))('%s: every resource and module call is found at its line', set => {
    const missed: string[] = [];
    let found = 0;
    for (const file of modules.filter(one => named(one).startsWith(`${set}/`))) {
      const text = readFileSync(file, 'utf8');
      const blocks = new Set(
        blocksOf(file, text).map(({ type, labels, source }) => `${type} ${labels.join(' ')} ${source.line}`),
      );
      found += blocks.size;
      for (const [index, line] of text.split('\n').entries()) {
        // As people write them, from the first column; all of the corpora do.
        const header = /^(resource|data|module|output|variable)\s+"([^"]+)"(?:\s+"([^"]+)")?\s*\{/.exec(line);
        if (header === null || file.endsWith('.json')) continue;
        const [, type, ...labels] = header;
        if (!blocks.has(`${type} ${labels.filter(Boolean).join(' ')} ${index + 1}`))
          missed.push(`${named(file)}:${index + 1}`);
      }
    }
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(0);
  });

  it.each(setsOf(modules))(
    '%s: what each root module reads is found, or refused with file and line',
    async set => {
      const tree = await folderTree(join(corpora, set));
      const folders = new Set(
        tree.files
          .filter(({ path }) => isConfiguration(path))
          .map(({ path }) => path.split('/').slice(0, -1).join('/') || '.'),
      );
      for (const folder of folders) {
        const { files: reached, findings } = await moduleReach('unit', tree, folder);
        expect(reached.length).toBeGreaterThan(0);
        for (const { code, source } of findings)
          expect([code, source?.file]).toEqual(['HF2009', expect.any(String)]);
      }
    },
  );
});

describe('plans of Terraform', () => {
  const plans = files.filter(
    file =>
      file.endsWith('.json') && /"(?:resource_changes|planned_values)"\s*:/.test(readFileSync(file, 'utf8')),
  );

  it('there are some', () => expect(plans.length).toBeGreaterThan(0));

  it.each(plans.map(named))('%s is read and judged, or refused with words, and tells no secret', name => {
    const text = readFileSync(join(corpora, name), 'utf8');
    let plan: ReturnType<typeof readPlan>;
    try {
      plan = readPlan(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'HF2008' });
      return;
    }
    const { findings, resources } = judge(plan, { name: 'unit', driver: 'terraform', path: '.' }, new Map());
    expect(resources.inSync).toBeLessThanOrEqual(resources.declared);
    const told = JSON.stringify([findings, planOf(plan, 'unit', 'r')]);
    for (const secret of marked(JSON.parse(text)))
      expect(told).not.toContain(JSON.stringify(secret).slice(1, -1));
    const doing = plan.resource_changes.filter(
      ({ mode, change }) =>
        mode === 'managed' && !change.actions.every(one => one === 'no-op' || one === 'read'),
    );
    expect(planOf(plan, 'unit', 'r').actions.length).toBeGreaterThanOrEqual(doing.length);
  });
});

/** Texts of changes that are marked, found by a walk of its own. */
function marked(plan: unknown): Set<string> {
  const secrets = new Set<string>();
  const collect = (value: unknown, marks: unknown): void => {
    if (marks === true && typeof value === 'string' && value.length >= 6) secrets.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value))
      collect(inner, marks === true ? true : (marks as Record<string, unknown> | null | undefined)?.[key]);
  };
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { before, after, before_sensitive, after_sensitive } = node as Record<string, unknown>;
    collect(before, before_sensitive);
    collect(after, after_sensitive);
    Object.values(node).forEach(walk);
  };
  walk(plan);
  return secrets;
}

describe('Ansible', () => {
  const yaml = files.filter(
    file => /\.ya?ml$/.test(file) && /\/(?:roles|playbooks|tasks|handlers)\//.test(file),
  );

  it.each(setsOf(yaml))(
    '%s: every task that turns check mode off is found at its line, and nothing else',
    set => {
      const wrong: string[] = [];
      for (const file of yaml.filter(one => named(one).startsWith(`${set}/`))) {
        const bytes = readFileSync(file);
        const found = new Set(realRuns(named(file), bytes).map(({ line }) => line));
        for (const [index, line] of bytes.toString('utf8').split('\n').entries()) {
          const says = /^\s*(?:-\s+)?check_mode:\s*(\S+)/.exec(line)?.[1];
          const expected = says !== undefined && !/^(?:true|yes|on)$/i.test(says);
          if (found.has(index + 1) !== expected) wrong.push(`${named(file)}:${index + 1}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
