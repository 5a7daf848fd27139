import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, it } from 'vitest';
import { declare } from '../../../src/declared/declare.ts';
import { folderTree } from '../../../src/declared/folder.ts';
import { canonical } from '../../../src/declared/hash.ts';
import { readFile } from '../../../src/declared/objects/file.ts';
import { baseName, isManifest } from '../../../src/declared/units/paths.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { type KubectlSays, readFilesByKubectl } from '../../real/declared/kubectl.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);
const sets = readdirSync(corpora, { withFileTypes: true }).filter(entry => entry.isDirectory());

/** How many objects some well-known sets of manifests have at least: a set that is read as nothing must not pass. */
const manifestSets: Record<string, number> = {
  'kube-prometheus': 131,
  'k8s-examples': 200,
  'istio-samples': 200,
  'kapp-examples': 250,
  longhorn: 100,
  podinfo: 20,
  'sock-shop': 90,
  'tekton-pipeline': 200,
};

it.each(sets.map(entry => entry.name))(
  '%s is declared without a crash, every finding with a file',
  async name => {
    const tree = await folderTree(join(corpora, name));
    const declaration = await declare(tree, { name });

    const objects = declaration.units.reduce((sum, unit) => sum + unit.objects.length, 0);
    expect(objects).toBeGreaterThanOrEqual(manifestSets[name] ?? 0);
    const paths = new Set([...tree.files.map(file => file.path), ...tree.links]);
    for (const finding of declaration.units.flatMap(unit => unit.findings)) {
      expect(finding.message).toMatch(/^HF11\d\d /);
      expect(paths).toContain(finding.source?.file);
    }
  },
);

it.each(sets.map(entry => entry.name))('%s is read file by file as kubectl reads it', async name => {
  const tree = await folderTree(join(corpora, name));
  const paths = tree.files.map(file => file.path).filter(isManifest);
  const wrong: string[] = [];
  for (let start = 0; start < paths.length; start += 50) {
    const some = paths.slice(start, start + 50);
    const full = new Map(some.map(path => [path, join(corpora, name, path)]));
    const kubectl = await readFilesByKubectl(inject('kubectl'), [...full.values()]);
    wrong.push(...disagreements(await tree.read(some), full, kubectl));
  }
  expect(wrong).toEqual([]);
});

/** Every object that kubectl reads is found, and equal, or its file has a finding; what kubectl refuses has one too. */
function disagreements(
  files: ReadonlyMap<string, Buffer>,
  full: ReadonlyMap<string, string>,
  kubectl: KubectlSays,
): string[] {
  const wrong: string[] = [];
  const known = new Set<string>();
  let explained = 0;
  for (const [path, bytes] of files) {
    const { objects, problems, foreign } = readFile(bytes, baseName(path));
    for (const { object } of objects) known.add(canonical(asPrinted(object)));
    const trouble = problems.length + foreign.length;
    explained += trouble;
    if (trouble === 0 && kubectl.complaints.includes(`${full.get(path)}`))
      wrong.push(`${path}: kubectl refuses it`);
  }
  // kubectl reads some kinds that are not for the cluster, and objects with generateName.
  const missed = kubectl.objects.filter(object => !known.has(canonical(asPrinted(object))));
  if (missed.length > explained)
    wrong.push(`${missed.length} objects are not read alike: ${JSON.stringify(missed[0])}`);
  return wrong;
}

/** kubectl prints no managedFields, which dumps of live objects have; and the oracle cannot tell `labels: {}` from no labels. */
function asPrinted(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  const { labels, managedFields: _unprinted, ...rest } = metadata;
  const empty = labels === null || (typeof labels === 'object' && Object.keys(labels).length === 0);
  return { ...object, metadata: labels === undefined || empty ? rest : { labels, ...rest } };
}
