import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseFailure, parseYaml } from '../../../src/declared/yaml/parse.ts';
import { readPlain } from '../../../src/declared/yaml/plain.ts';
import { fragment } from '../../real/declared/fragments.ts';

/** What the whole reader makes of it, or why it refuses. */
function wholly(text: string): unknown {
  try {
    return parseYaml(text).value;
  } catch (error) {
    if (error instanceof ParseFailure) return error.message;
    throw error;
  }
}

const manifest = `# a Deployment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # its name
  labels: {}
spec:
  replicas: 3
  paused: no

  template:
    spec:
      containers:
      - name: 'web'
        image: registry.example:5000/web:1.2
        args: []
        command:
          - --flag=a # b
          - -v
          - "0644"
          - a: 1
            b:
            - c
      volumes:
  text: |
    line: one

      - two # not a comment
  short: |-
    x
  empty:
# the end
`;

describe('plain block style', () => {
  it('is read as the whole reader reads it', () => {
    const plain = readPlain(manifest);

    expect(plain?.line).toBe(2);
    expect(plain?.value).toEqual(wholly(manifest));
    expect(Object.keys(plain?.value ?? {})).toEqual(Object.keys(wholly(manifest) as object));
  });

  it.each([
    'a: &x 1\n',
    'a: *x\n',
    'a: !!str 1\n',
    'a: {b: 1}\n',
    'a: [1]\n',
    'a: >\n  b\n',
    'a: |2\n   b\n',
    'a: |\n\n  b\n',
    'a: |\n  b\n   \n',
    'a: b\n  c\n',
    'a: "b\\n"\n',
    "a: 'b''c'\n",
    'a: "b\n  c"\n',
    'a: b: c\n',
    'a: b:\n',
    'a: ?b\n',
    'a: @b\n',
    'a: 1.5\n',
    'a: 12345678901234567890\n',
    'a: 1\na: 2\n',
    'yes: 1\n',
    '1: a\n',
    '<<: a\n',
    '__proto__: a\n',
    '- a\n',
    'a:\n- - b\n',
    'a:\n-\n  b\n',
    'a:\n  b: 1\n c: 2\n',
    'a:\n  - b\n - c\n',
    'a:\n- b\n  c: d\n',
    ' a: 1\n',
    'a: 1',
    'a:\t1\n',
    'ä: 1\n',
    'a: 1\n...\n',
    '%YAML 1.1\n',
    'kind: ConfigMapList\n',
    '',
    'a\n',
    '"a": 1\n',
  ])('does not cover %j', text => expect(readPlain(text)).toBeUndefined());

  it.each([1, 2, 3, 4])('never says anything else than the whole reader (seed %i)', seed => {
    let plain = 0;
    for (const text of fc.sample(fragment, { seed, numRuns: 3_000 })) {
      const document = `a: x\nv:${text}\nz: 1\n`;
      const read = readPlain(document);
      if (read === undefined) continue;
      plain += 1;
      expect([document, read.value]).toEqual([document, wholly(document)]);
    }
    expect(plain).toBeGreaterThan(100);
  });

  const word = fc.constantFrom(
    ...['a', 'b:', 'b: c', '- a', '-', '- b: c', '- - a', '# c', 'd: # e', 'f: |', 'g: |-', '', "h: 'i' # j"],
    ...[
      'k: "l',
      'm: n # o',
      'p: 0x1F',
      'q: ~',
      'r: -1',
      's: - t',
      'u: 1_0',
      'v: x:y',
      'w: =',
      'on: off',
      'x-y/z: #',
    ],
    ...[
      'a: 010',
      'c: 1:30',
      'e: 2001-01-01',
      'g: +1',
      'i: .5',
      'j: (x)',
      'k: a  #b',
      'l: a#b',
      '- n: |',
      '- # o',
    ],
  );
  const line = fc.tuple(fc.integer({ min: 0, max: 5 }), word, fc.constantFrom('', ' ', '  '));

  it.each([1, 2, 3])('nor for lines in any order and indentation (seed %i)', seed => {
    let plain = 0;
    for (const lines of fc.sample(fc.array(line, { minLength: 1, maxLength: 9 }), {
      seed,
      numRuns: 30_000,
    })) {
      const document = `o: 1\n${lines.map(([indent, text, end]) => ' '.repeat(indent) + text + end).join('\n')}\n`;
      const read = readPlain(document);
      if (read === undefined) continue;
      plain += 1;
      expect([document, read.value]).toEqual([document, wholly(document)]);
    }
    expect(plain).toBeGreaterThan(300);
  });
});
