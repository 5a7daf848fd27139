import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSettings, readSettings } from '../../../src/declared/config/load.ts';
import { nearest } from '../../../src/declared/config/nearest.ts';
import { defaultSettings } from '../../../src/declared/settings.ts';
import { Failure } from '../../../src/failure/failure.ts';
import { publishedSchema, schemaText } from '../../../src/reference/configuration-schema.ts';
import { memoryTree } from '../tree.ts';

async function lineFor(text: string): Promise<string> {
  const error = await loadSettings(memoryTree({ 'holdfast.yaml': text })).catch((thrown: unknown) => thrown);
  return error instanceof Failure ? error.line : `no Failure: ${JSON.stringify(error)}`;
}

describe('holdfast.yaml', () => {
  it.each(['', '# nothing\n', '{}', '---\n'])('may be empty: %j', async text => {
    const { settings, exists } = await loadSettings(memoryTree({ 'holdfast.yaml': text }));
    expect([settings, exists]).toEqual([defaultSettings, true]);
  });

  it('need not be there', async () => {
    expect(await loadSettings(memoryTree({}))).toMatchObject({ settings: defaultSettings, exists: false });
  });

  it('must have its right name', async () => {
    await expect(loadSettings(memoryTree({ 'holdfast.yml': '' }))).rejects.toMatchObject({ code: 'HF1104' });
  });

  it('fills in defaults and normal paths', async () => {
    const text = 'units: [{name: a, driver: kubernetes, path: ./x//y/}]\npolicy: {approvals: 2}\n';
    const { settings } = await loadSettings(memoryTree({ 'holdfast.yaml': text }));
    expect(settings.units[0]?.path).toBe('x/y');
    const none = { codeOwners: false, mergers: [], breakGlass: { actors: [] } };
    expect(settings.policy).toEqual({ approvals: 2, forks: true, requiredChecks: [], aliases: [], ...none });
  });
});

describe('an environment that the file does not list', () => {
  it.each([undefined, 'production'])('has no settings of units, and the settings of all: %s', async name => {
    const text =
      'environments: [test]\nunits: [{name: a, driver: helm, path: a, environments: [test]}]\npolicy: {approvals: 2}\n';
    const tree = memoryTree({ 'holdfast.yaml': text });

    await expect(loadSettings(tree, name)).rejects.toMatchObject({ code: 'HF1001' });
    expect((await readSettings(tree)).settings.policy.approvals).toBe(2);
  });
});

describe('accounts of one person', () => {
  it('are named by login, or with their id', async () => {
    const text = 'policy:\n  aliases:\n  - [bob, {login: bobby, id: "42"}, {login: rob}]\n';
    const { settings } = await loadSettings(memoryTree({ 'holdfast.yaml': text }));
    expect(settings.policy.aliases).toEqual([['bob', { login: 'bobby', id: '42' }, { login: 'rob' }]]);
  });
});

describe('a mistake in holdfast.yaml is named with its line', () => {
  it.each([
    ['unit: []\n', 'unknown key ‘unit’, did you mean ‘units’? (holdfast.yaml:1)'],
    [
      'policy:\n  aprovals: 2\n',
      'unknown key ‘aprovals’ in policy, did you mean ‘approvals’? (holdfast.yaml:2)',
    ],
    [
      'policy:\n  approvals: two\n',
      'policy.approvals: invalid input: expected number, received string (holdfast.yaml:2)',
    ],
    ['policy: {approvals: 0}\n', 'policy.approvals: too small: expected number to be >=1 (holdfast.yaml:1)'],
    [
      'policy:\n  aliases:\n  - [bob, {login: bobby, id: 42}]\n',
      'policy.aliases[0][1]: it must be a login, or a login and an id, which is text: { login: bob, id: "42" } (holdfast.yaml:3)',
    ],
    [
      'policy:\n  aliases:\n  - [bob, {login: bobby, ids: "42"}]\n',
      'unknown key ‘ids’ in policy.aliases[0][1] (holdfast.yaml:3)',
    ],
    ['ignore:\n- paths: [/spec]\n', 'ignore[0].reason: it is missing (holdfast.yaml:2)'],
    ['units:\n- name: a\n  path: x\n  driver: kubernets\n', 'did you mean ‘kubernetes’? (holdfast.yaml:4)'],
    [
      'units:\n- {name: A b, path: x, driver: helm}\n',
      'units[0].name: lower-case letters, digits and dashes, 63 at most (holdfast.yaml:2)',
    ],
    [
      'units:\n- {name: a, path: ../x, driver: helm}\n',
      '‘../x’ leads out of the repository (holdfast.yaml:2)',
    ],
    ['units:\n- {name: a, path: /x, driver: helm}\n', '‘/x’ leads out of the repository (holdfast.yaml:2)'],
    [
      'units:\n- {name: a, path: x, driver: helm}\n- name: a\n  path: z\n  driver: helm\n',
      'two units are called ‘a’ (holdfast.yaml:3)',
    ],
    [
      'environments: [e]\nunits:\n- {name: a, path: x, driver: helm, environments: [f]}\n',
      '‘f’ is not among the environments of the file (holdfast.yaml:3)',
    ],
    ['a: [\n', '(holdfast.yaml:'],
    ['- a\n', 'the file: invalid input: expected object, received array (holdfast.yaml:1)'],
    ['{}\n---\nunits: []\n', 'a second document is not read (holdfast.yaml:3)'],
  ])('%j', async (text, words) => {
    const line = await lineFor(text);
    expect(line).toMatch(/^HF1104 /);
    expect(line).toContain(words);
  });

  it('together with all the others', async () => {
    expect(await lineFor('foo: 1\npolicy:\n  approvals: 0\n  forks: maybe\n')).toMatch(
      /unknown key ‘foo’; line 3: policy\.approvals: .*; line 4: policy\.forks: .*\(holdfast\.yaml:1\)/,
    );
  });
});

describe('the nearest word', () => {
  it.each([
    ['namspace', 'namespace'],
    ['nmae', 'name'],
    ['path', 'path'],
    ['colour', undefined],
    ['x', undefined],
  ])('to %s is %s', (word, found) => {
    expect(nearest(word, ['name', 'namespace', 'path', 'driver'])).toBe(found);
  });
});

describe('the published JSON Schema', () => {
  it('is that of this version: write it anew with `node src/reference/configuration-schema.ts`', () => {
    expect(readFileSync(publishedSchema, 'utf8')).toBe(schemaText());
  });
});
