import { describe, expect, it } from 'vitest';
import { previewFiles, renderPreview } from '../../src/preview/files.ts';
import type { MergingStore } from '../../src/preview/merged.ts';
import { previewExitCode } from '../../src/preview/model.ts';
import { previewOfMerge } from '../../src/preview/of-merge.ts';
import { previewSchema } from '../../src/preview/schema.ts';
import { verdictLine } from '../../src/preview/words.ts';
import { baseRevision, comparedAt, configMap, headRevision, revision } from './sample.ts';

type Files = Readonly<Record<string, string>>;

const good: Files = { 'manifests/shop/a.yaml': configMap('a') };
const broken: Files = {
  ...good,
  'holdfast.yaml': 'apiVersion: holdfast.dev/v1alpha1\nunits:\n  - { nme: shop }\n',
};

function merge(base: Files, head: Files, options: { environment?: string; conflict?: boolean } = {}) {
  const { environment, conflict = false } = options;
  const tree = async (sha: string) => revision(sha, sha === headRevision ? head : base);
  const store: MergingStore = {
    tree,
    treeObject: (_id, sha) => tree(sha),
    mergedTree: async () => (conflict ? null : 'd'.repeat(40)),
    conflicts: async () => ['manifests/shop/a.yaml'],
    mergeBase: async () => baseRevision,
  };
  return previewOfMerge({
    ...{ store, base: baseRevision, head: headRevision, name: 'shop', environment },
    live: async () => Promise.reject(new Error('live is not asked')),
    now: () => new Date(comparedAt),
  });
}

describe('a head whose holdfast.yaml is broken', () => {
  it('is told as what cannot be told, by file and line, with exit code 2', async () => {
    const found = await merge(good, broken);

    expect(found).toMatchObject({
      unreadable: 'head',
      units: [],
      resources: [],
      failures: [
        { type: 'unknown', code: 'HF1104', source: { file: 'holdfast.yaml', line: 3 }, message: /^HF1104 / },
      ].map(({ message: _, ...failure }) => failure),
    });
    expect(verdictLine(found)).toMatch(
      /^Merging: cannot be told, since the head cannot be read: holdfast\.yaml:3 HF1104 .*nme/,
    );
    expect(previewExitCode(found)).toBe(2);
  });

  it('is written in every form, the failure first', async () => {
    const found = await merge(good, broken);
    const files = previewFiles(found, undefined);

    expect([...files.keys()]).toEqual([
      'preview.html',
      'preview.json',
      'comment.md',
      'summary.md',
      'annotations.json',
    ]);
    expect(files.get('preview.html')).toMatch(/<h1>[^<]*cannot be told[^<]*HF1104/);
    expect(files.get('preview.html')).not.toContain('Nothing that runs is changed');
    for (const name of ['comment.md', 'summary.md'])
      expect(
        files
          .get(name)
          ?.split('\n')
          .find(line => line.startsWith('**')),
      ).toContain('HF1104');
    expect(JSON.parse(files.get('annotations.json') ?? '')).toMatchObject({
      annotations: [{ path: 'holdfast.yaml', start_line: 3, annotation_level: 'failure' }],
    });
    expect(previewSchema.parse(JSON.parse(files.get('preview.json') ?? ''))).toMatchObject({
      unreadable: 'head',
    });
    expect(renderPreview(found, 'text', { colour: false })).toContain('HF1104');
  });

  it('is told beside the files that conflict', async () => {
    const { failures } = await merge(good, broken, { conflict: true });
    expect(failures.map(({ code }) => code)).toEqual(['HF2201', 'HF1104']);
  });
});

describe('what else cannot be read as a whole', () => {
  it('is a base that is broken, even where the head mends it', async () => {
    const found = await merge(broken, good);
    expect(verdictLine(found)).toContain('since the base cannot be read');
    expect(previewExitCode(found)).toBe(2);
  });

  it('is an environment that the head does not know any more', async () => {
    const knows = (names: string) => ({ ...good, 'holdfast.yaml': `environments: [${names}]\n` });
    const found = await merge(knows('staging, prod'), knows('prod'), { environment: 'staging' });
    expect(found).toMatchObject({ unreadable: 'head', failures: [{ code: 'HF1001' }] });
  });

  it('is no environment that neither side knows: then it is the question that is wrong', async () => {
    const knows = { ...good, 'holdfast.yaml': 'environments: [prod]\n' };
    await expect(merge(knows, knows, { environment: 'prud' })).rejects.toMatchObject({ code: 'HF1001' });
  });
});
