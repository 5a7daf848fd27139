import { afterEach, describe, expect, it } from 'vitest';
import { reachOf } from '../../../src/declared/kustomize/reach.ts';
import { isRendered, type Rendering, render, renderKey } from '../../../src/declared/kustomize/render.ts';
import { TreeIndex } from '../../../src/declared/kustomize/tree-index.ts';
import { type FakeKustomize, fakeKustomize } from '../../fakes/kustomize/kustomize.ts';
import { configMap, memoryTree } from '../tree.ts';

const files = { 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': `# a\n${configMap('a')}` };
let fake: FakeKustomize | undefined;
afterEach(() => fake?.remove());

async function rendered(
  script: string,
  more: Record<string, string> = {},
  timeMs = 15_000,
): Promise<Rendering> {
  fake = fakeKustomize(script);
  const tree = memoryTree({ ...files, ...more });
  const limits = { timeMs, outputBytes: 100_000, memoryBytes: 4 * 1024 ** 3 };
  return render(tree, await reachOf(new TreeIndex(tree), 'app'), { limits, environment: fake.environment });
}

async function failed(script: string, more?: Record<string, string>, timeMs?: number) {
  const rendering = await rendered(script, more, timeMs);
  if (isRendered(rendering)) throw new Error('it was rendered');
  return rendering;
}

const annotated = (origin: string) =>
  `printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: pre-a\\n  annotations:\\n    config.kubernetes.io/origin: |\\n      ${origin}\\n'`;

describe('rendering', () => {
  it('gives the objects with their places, without what was added to ask for them', async () => {
    const rendering = await rendered(annotated('path: a.yaml'));
    expect(rendering).toMatchObject({
      objects: [
        {
          object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pre-a' } },
          source: { file: 'app/a.yaml', line: 2 },
        },
      ],
      problems: [],
    });
    expect(JSON.stringify(rendering)).not.toContain('origin');
  });

  it.each([
    ['path: ../../../etc/passwd', 'app/kustomization.yaml'],
    ['path: /etc/passwd', 'app/kustomization.yaml'],
    ['nonsense', 'app/kustomization.yaml'],
    ['path: [1]', 'app/kustomization.yaml'],
  ])('believes no place that is not among the files: %s', async (origin, file) => {
    expect(await rendered(annotated(origin))).toMatchObject({ objects: [{ source: { file, line: 1 } }] });
  });

  it('sees the reached files and no others, with a home of its own and no way out', async () => {
    const { failure } = await failed(
      'find . ../.. -type f | sort | tr "\\n" " " >&2; env | grep -c -E "^(HTTPS?_PROXY=http://127.0.0.1:1|KUBECONFIG=/dev/null|HOME=.*/home)$" >&2; exit 1',
      { 'other.yaml': 'x', 'app/unnamed.yaml': 'x' },
    );
    expect(failure.message).toBe(
      'kustomize says: ../../tree/app/a.yaml ../../tree/app/kustomization.yaml ./a.yaml ./kustomization.yaml 4',
    );
  });

  it('tells kustomize to stay in the folder, unless a file above it is named', async () => {
    expect((await failed('echo "$@" >&2; exit 1')).failure.message).toContain(
      'build . --load-restrictor=LoadRestrictionsRootOnly',
    );
    fake?.remove();
    const above = { 'app/kustomization.yaml': 'resources: [../b.yaml]', 'b.yaml': configMap('b') };
    expect((await failed('echo "$@" >&2; exit 1', above)).failure.message).toContain('LoadRestrictionsNone');
  });

  it.each([
    [
      'it fails',
      'echo "# Warning: old" >&2; echo "Error: no $PWD/a.yaml" >&2; exit 1',
      /^kustomize says: no app\/a\.yaml$/,
      false,
    ],
    ['it says nothing', 'exit 1', /^kustomize says: it said nothing$/, false],
    ['it gives nothing', 'exit 0', /renders to no object at all/, false],
    ['it prints too much', 'yes', /more than may be/, false],
    ['it takes too long', 'sleep 60', /took too long/, true],
    ['it has too little memory', 'echo "fatal error: out of memory" >&2; exit 2', /more memory/, true],
    ['it is killed', 'kill -9 $$', /ended from outside/, true],
  ])('fails with words, a place, and whether to try again: %s', async (_, script, words, passing) => {
    const result = await failed(script, {}, script.startsWith('sleep') ? 300 : 15_000);
    expect(result.passing).toBe(passing);
    expect(result.failure).toMatchObject({
      code: 'HF1106',
      where: { file: 'app/kustomization.yaml', line: 1 },
    });
    expect(result.failure.message).toMatch(words);
  });

  it('says what to install when there is no kustomize, and tries again later', async () => {
    const tree = memoryTree(files);
    const rendering = await render(tree, await reachOf(new TreeIndex(tree), 'app'), { environment: {} });
    expect(rendering).toMatchObject({ passing: true, failure: { code: 'HF1005' } });
  });

  it('repeats no value of a Secret, wherever kustomize got it from', async () => {
    const values = ['literal-value', 'line-of-file', 'string-data', 'ZGF0YS12YWx1ZQ==', 'patched-value'];
    const { failure } = await failed(`echo "bad: ${values.join(' ')}" >&2; exit 1`, {
      'app/kustomization.yaml':
        'resources: [a.yaml, s.yaml]\nsecretGenerator: [{name: s, literals: [k=literal-value], envs: [s.env]}]\npatches:\n- patch: |\n    kind: Secret\n    metadata: {name: s}\n    stringData: {k: patched-value}\n',
      'app/s.env': 'k=line-of-file\n',
      'app/s.yaml':
        'kind: Secret\nmetadata: {name: s}\ndata: {k: ZGF0YS12YWx1ZQ==}\nstringData: {k: string-data}',
    });
    expect(failure.message).toBe(`kustomize says: bad: ${values.map(() => '[secret]').join(' ')}`);
  });

  it('lets nothing through that a terminal would obey', async () => {
    const { failure } = await failed(`printf 'a\\033[31mb\\r\\nc' >&2; exit 1`);
    expect(failure.message).toBe('kustomize says: a [31mb c');
  });
});

describe('the key of a rendering', () => {
  const key = async (more: Record<string, string>, folder = 'app') =>
    renderKey(await reachOf(new TreeIndex(memoryTree({ ...files, ...more })), folder));

  it.each<[string, Record<string, string>, boolean]>([
    ['a file that is not reached', { 'app/b.yaml': 'x', 'README.md': 'y' }, true],
    ['a file that is reached', { 'app/a.yaml': configMap('b') }, false],
    ['the kustomization itself', { 'app/kustomization.yaml': 'resources: [a.yaml]\n' }, false],
  ])('follows what is read: %s', async (_, more, same) => {
    expect((await key(more)) === (await key({}))).toBe(same);
  });
});
