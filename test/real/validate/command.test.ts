import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from '../../../sandbox/shop/git.ts';
import type { Report } from '../../../src/report/report.ts';
import { runHoldfast } from '../support/command.ts';

let folder: string;

/** Writes files below the test's folder and returns the path of `name`. */
function tree(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(folder, name);
}

/** With a kubeconfig that does not exist: no cluster may be needed. */
const validate = (...args: string[]) => runHoldfast(['validate', ...args], { KUBECONFIG: '/nonexistent' });
const report = (stdout: string) => JSON.parse(stdout) as Report;

const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: good }\ndata: { a: "1" }\n';
const bad = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: bad }\ndata:\n  a: 1\n';
const old = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: old }\n';
const gizmo = 'apiVersion: example.com/v1\nkind: Gizmo\nmetadata: { name: g }\nsize: large\n';
const gizmos = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gizmos.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Gizmo, plural: gizmos }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { size: { type: integer } } } }
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('holdfast validate', () => {
  it('exits with 0 where all is valid', async () => {
    const { code, stdout, stderr } = await validate(tree('good', { 'good.yaml': good }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('valid, 1 of 1 resource valid');
  });

  it('exits with 1 and names file, line, path and what is wrong', async () => {
    const { code, stdout } = await validate(tree('bad', { 'bad.yaml': bad, 'good.yaml': good }));
    expect(code).toBe(1);
    expect(stdout).toContain('/data/a: it must be a string, and is an integer: 1 (bad.yaml:5)');
  });

  it('exits with 2 where a kind is known nowhere, unless told to pass over it or given its definition', async () => {
    const path = tree('gizmo', { 'gizmo.yaml': gizmo });
    expect((await validate(path)).code).toBe(2);
    expect((await validate(path, '--ignore-unknown-kinds')).code).toBe(0);
    const crds = tree('crds', { 'gizmos.yaml': gizmos });
    const { code, stdout } = await validate(path, '--crds', crds, '-o', 'json');
    expect(code).toBe(1);
    expect(report(stdout).findings[0]?.problems).toEqual([
      {
        path: '/size',
        message: 'it must be an integer, and is a string: "large"',
        source: { file: 'gizmo.yaml', line: 4 },
      },
    ]);
  });

  it('judges API versions for the version that is named', async () => {
    const path = tree('old', { 'old.yaml': old });
    const today = await validate(path);
    expect(today.code).toBe(1);
    expect(today.stdout).toContain('removed in 1.25); it takes policy/v1');
    const then = await validate(path, '--kubernetes-version', '1.24', '--ignore-unknown-kinds');
    expect(then.code).toBe(0);
    expect(then.stdout).toContain('deprecated since 1.21 and will be gone in 1.25');
  });

  it('reads a revision from the object store', async () => {
    const repository = tree('repository', { 'manifests/shop/good.yaml': bad });
    await git(repository, 'init', '--initial-branch=main');
    await git(repository, 'add', '.');
    await git(repository, 'commit', '--message', 'Declare it');
    writeFileSync(join(repository, 'manifests/shop/good.yaml'), good);
    expect((await validate(repository)).code).toBe(0);
    const { code, stdout } = await validate(repository, '--revision', 'main', '-o', 'json');
    expect(code).toBe(1);
    expect(report(stdout).revision).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([
    ['a version that is none', ['--kubernetes-version', 'latest'], /HF1001/],
    ['a unit that nobody declares', ['--unit', 'cart'], /HF1006/],
    ['definitions that are not there', ['--crds', '/dev/null/definitions'], /HF1105/],
  ])('exits with 2 for %s', async (_, args, words) => {
    const { code, stdout, stderr } = await validate(tree('good', { 'good.yaml': good }), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it('prints JSON as the schema of the report says', async () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const valid = ajv.compile(schema);
    for (const name of ['good', 'bad', 'old', 'gizmo']) {
      const { stdout } = await validate(join(folder, name), '-o', 'json', '--kubernetes-version', '1.24');
      valid(report(stdout));
      expect(valid.errors).toBeNull();
    }
  });
});
