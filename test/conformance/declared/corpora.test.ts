import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, it } from 'vitest';
import type { JsonObject } from '../../../src/declared/declaration.ts';
import { declare } from '../../../src/declared/declare.ts';
import { folderTree } from '../../../src/declared/folder.ts';
import { canonical } from '../../../src/declared/hash.ts';
import { readFile } from '../../../src/declared/objects/file.ts';
import { baseName, isManifest } from '../../../src/declared/units/paths.ts';
import { readFileByKubectl } from '../../real/declared/kubectl.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);
const sets = readdirSync(corpora, { withFileTypes: true }).filter(entry => entry.isDirectory());

/** Sets that hold manifests as they would be applied, and how many objects each has at least. */
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

it.each(Object.keys(manifestSets).filter(name => existsSync(join(corpora, name))))(
  '%s is read file by file as kubectl reads it',
  async name => {
    const tree = await folderTree(join(corpora, name));
    const paths = tree.files.map(file => file.path).filter(isManifest);
    const wrong: string[] = [];
    for (const path of paths) {
      const bytes = (await tree.read([path])).get(path) ?? Buffer.alloc(0);
      const kubectl = await readFileByKubectl(inject('kubectl'), join(corpora, name, path));
      const trouble = disagreement(bytes, path, kubectl);
      if (trouble !== undefined) wrong.push(`${path}: ${trouble}`);
    }
    expect(wrong).toEqual([]);
  },
);

/** Every object that kubectl reads is found, and equal, or its document has a finding; nothing is found in more. */
function disagreement(
  bytes: Buffer,
  path: string,
  kubectl: { objects: JsonObject[]; failed: boolean },
): string | undefined {
  const { objects, problems, foreign } = readFile(bytes, baseName(path));
  const ours = new Set(objects.map(({ object }) => canonical(withoutEmptyLabels(object))));
  const missed = kubectl.objects.filter(object => !ours.has(canonical(withoutEmptyLabels(object))));
  if (missed.length > problems.length + foreign.length) return `${missed.length} objects are not read alike`;
  if (!kubectl.failed && objects.length > kubectl.objects.length) return 'kubectl reads fewer objects';
  if (kubectl.failed && problems.length + foreign.length === 0) return 'kubectl refuses it';
  return undefined;
}

/** The oracle cannot tell `labels: {}` from no labels. */
function withoutEmptyLabels(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  const { labels, ...rest } = metadata;
  const empty = labels === null || (typeof labels === 'object' && Object.keys(labels).length === 0);
  return empty ? { ...object, metadata: rest } : object;
}
