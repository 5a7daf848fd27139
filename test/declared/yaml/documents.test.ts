import { describe, expect, it } from 'vitest';
import { isProblem, readDocuments } from '../../../src/declared/yaml/document.ts';

/** Each document as its line and value, or its line and why it cannot be read. */
function read(text: string | Buffer): [number, unknown][] {
  return readDocuments(Buffer.from(text)).map(result =>
    isProblem(result) ? [result.line, result.reason] : [result.line, result.value],
  );
}

describe('a file is cut into documents as kubectl cuts it', () => {
  it.each<[string, string, [number, unknown][]]>([
    [
      'at ---',
      'a: 1\n---\nb: 2\n',
      [
        [1, { a: 1 }],
        [3, { b: 2 }],
      ],
    ],
    [
      'with comments behind it',
      '--- # one\na: 1\n---   # two\n# more\nb: 2',
      [
        [2, { a: 1 }],
        [5, { b: 2 }],
      ],
    ],
    ['without empty documents', '---\n---\n# nothing\n---\n~\n---\na: 1\n---\n', [[7, { a: 1 }]]],
    [
      'with Windows line ends',
      'a: "x"\r\nb: |\r\n  y\r\n---\r\nc: 1\r\n',
      [
        [1, { a: 'x', b: 'y\n' }],
        [5, { c: 1 }],
      ],
    ],
    [
      'with a byte order mark',
      '\ufeffa: 1\n---\nb: 1',
      [
        [1, { a: 1 }],
        [3, { b: 1 }],
      ],
    ],
    ['with an end marker', 'a: 1\n...\n', [[1, { a: 1 }]]],
    ['as JSON', '\n {"a": [1,\n\t2]}\n', [[2, { a: [1, 2] }]]],
    [
      'as several JSON values',
      '{"a": 1}\n{"b": 2} {"c": "}"}\n',
      [
        [1, { a: 1 }],
        [2, { b: 2 }],
        [2, { c: '}' }],
      ],
    ],
    [
      'as JSON, then YAML',
      '{"a": "\\/"}\n---\nb: 2\n',
      [
        [1, { a: '/' }],
        [3, { b: 2 }],
      ],
    ],
    ['as a flow mapping that is no JSON', '{a: 1,\nb: yes}\n', [[1, { a: 1, b: true }]]],
  ])('%s', (_, text, documents) => {
    expect(read(text)).toEqual(documents);
  });
});

describe('what cannot be read is said with its line, and does not hide the rest', () => {
  it.each<[string, string | Buffer, [number, unknown][]]>([
    [
      'text behind ---',
      'a: 1\n--- b: 2\nc: 3\n---\nd: 4\n',
      [
        [1, { a: 1 }],
        [2, expect.stringContaining('‘b: 2’')],
        [3, { c: 3 }],
        [5, { d: 4 }],
      ],
    ],
    [
      'bad indentation',
      'a: 1\n---\nb: 2\n  c: 3\n---\nd: 4\n',
      [
        [1, { a: 1 }],
        [4, expect.stringContaining('indentation')],
        [6, { d: 4 }],
      ],
    ],
    ['a key that is there twice', 'a: 1\nb: 2\na: 3\n', [[3, 'the key ‘a’ is there twice']]],
    ['the same in JSON', '{"a": 1,\n"a": 2}\n', [[2, 'the key ‘a’ is there twice']]],
    ['keys that become the same', '1: a\n"1": b\n', [[2, 'the key ‘1’ is there twice']]],
    ['a null key', '~: 1\n', [[1, 'a mapping key must not be null']]],
    ['a list as key', '? [a]\n: 1\n', [[1, 'a mapping key must be a scalar']]],
    ['a tab', 'a:\n\tb: 1\n', [[2, expect.stringContaining('tab')]]],
    ['a NUL', 'a: 1\nb: \0\n', [[2, 'it holds a control character']]],
    ['a line break of YAML 1.1', 'a: 1\nb: x\u2028y\n', [[2, expect.stringContaining('U+2028')]]],
    ['bytes that are no text', Buffer.from([97, 58, 32, 0xff]), [[1, 'it is not UTF-8 text']]],
    ['an alias without anchor', 'a: *x\n', [[1, 'no anchor ‘x’ before this alias']]],
    ['an anchor in itself', 'a: &x [*x]\n', [[1, 'an anchor contains itself']]],
    ['a merge of no mapping', 'a: &x 1\nb:\n  <<: *x\n', [[3, expect.stringContaining('<<')]]],
    ['a document behind ...', 'a: 1\n...\nb: 2\n', [[2, expect.stringContaining('ignores')]]],
    [
      'garbage behind JSON',
      '{"a": 1}{"b": 1} x\n',
      [
        [1, { a: 1 }],
        [1, { b: 1 }],
        [1, expect.stringContaining('not JSON')],
      ],
    ],
  ])('%s', (_, text, documents) => {
    expect(read(text)).toEqual(documents);
  });

  it('blames a template only when it is in the way', () => {
    const helm = 'kind: A\n{{- if .Values.x }}\nname: {{ .Release.Name }}\n{{- end }}\n';
    expect(readDocuments(Buffer.from(`a: 1\n---\n${helm}`))[1]).toMatchObject({ line: 4, template: true });
    expect(readDocuments(Buffer.from('a: "{{ x }}"\n b: 1\n'))).toMatchObject([{ line: 2 }]);
    expect(readDocuments(Buffer.from('a: "{{ x }}"\n b: 1\n'))[0]).not.toHaveProperty('template');
    expect(read('a: "{{ $labels.pod }}"\n')).toEqual([[1, { a: '{{ $labels.pod }}' }]]);
  });
});

describe('anchors and merges', () => {
  it('are copies, in the order of the text', () => {
    const text =
      'a: &x {p: 1}\nb: *x\nc: {<<: *x, p: 2}\nd: {p: 2, <<: *x}\ne: {<<: [{q: 1}, {q: 2, r: 3}]}\n';
    const [result] = readDocuments(Buffer.from(text));
    if (result === undefined || isProblem(result)) throw new Error('not read');
    const value = result.value as Record<string, unknown>;

    expect(value).toEqual({ a: { p: 1 }, b: { p: 1 }, c: { p: 2 }, d: { p: 1 }, e: { q: 1, r: 3 } });
    expect(value['b']).not.toBe(value['a']);
  });

  it('cannot grow without limit', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(read(lines.join('\n'))).toEqual([[1, 'aliases expand to more than 100000 nodes']]);
  });

  it.each([
    ['template actions without an end', '{{ x\n'.repeat(100_000)],
    ['template comments without an end', '{{/* x\n'.repeat(100_000)],
    ['lines that stand too far left', `a:\n b: [\n${'x,\n'.repeat(20_000)}]\n`],
    ['anchors and tags on one another', `${'- &a !b '.repeat(20_000)}x\n`],
    ['a long line of white space', `a: b\n c${' '.repeat(1_000_000)}: {{\n`],
  ])(
    'cannot take long: %s',
    (_, text) => {
      expect(read(text).length).toBeGreaterThan(0);
    },
    20_000,
  );

  it('cannot nest without limit', () => {
    expect(read(`a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`)).toEqual([
      [1, expect.stringContaining('nesting')],
    ]);
  });
});

describe('brackets and quotes', () => {
  it('may be indented less than what they belong to, as kubectl allows', () => {
    const text = 'a:\n  b: [\n  "x",\n # note\n  z\n  ]\n  c: "one\n two"\nd: 1\n';
    expect(read(text)).toEqual([[1, { a: { b: ['x', 'z'], c: 'one two' }, d: 1 }]]);
  });

  it.each(['[a:, b]', '[http://x?y=1]', '[:a]', '[!!str]', '&a.b c', '- \tx'])(
    'are refused where kubectl refuses: %s',
    text => {
      expect(read(`${text}\n`)).toEqual([[1, expect.any(String)]]);
    },
  );
});

describe('lines', () => {
  it('are known for every part, also after a line was moved', () => {
    const [result] = readDocuments(Buffer.from('# note\na:\n  - x: [1,\n  2]\n  - y: 1\nb:\n  c: 1\n'));
    if (result === undefined || isProblem(result)) throw new Error('not read');
    const { a } = result.value as { a: object[] };

    expect(result.line).toBe(2);
    expect(a.map(item => result.lineOf(item))).toEqual([3, 5]);
    expect(result.lineOfPath(['a', 1, 'y'])).toBe(5);
    expect(result.lineOfPath(['b', 'c'])).toBe(7);
    expect(result.lineOfPath(['b', 'nothing', 'here'])).toBe(6);
  });

  it('keep `__proto__` a key like any other', () => {
    const [[, value] = []] = read('__proto__: {polluted: yes}\n');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
