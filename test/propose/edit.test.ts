import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isProblem, readDocuments } from '../../src/declared/yaml/document.ts';
import type { FieldChange } from '../../src/findings/finding.ts';
import type { Json } from '../../src/json/json.ts';
import { fileWith } from '../../src/propose/adopt/file.ts';
import { CannotEdit } from '../../src/propose/adopt/nodes.ts';

const manifest = `# the cart, see the handbook
apiVersion: apps/v1 # not v1beta1
kind: Deployment
metadata:
  name: cart
  labels:
    app: "cart"   # a label
    tier: 'web'
  annotations: {owner: team-a, "note": 'x'}
spec:
  replicas: 2     # two are enough
  paused:
  template:
    spec:
      containers:
        # the one that serves
        - name: web
          image: 'cart:1.2'
          args: ["-a", -b]
          ports:
          - containerPort: 80
            # kept
            name: http
        - name: side
          image: side:1 # pinned
          command:
          - run
          - --fast
          env:
          - name: SCRIPT
            value: |
              one
              two

          - {name: FLAG, value: "1"}
`;
const other = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other} # untouched\ndata: {a: "yes"}\n`;

function written(text: string, ...changes: FieldChange[]): string {
  const bytes = fileWith(Buffer.from(text), ({ name }) => name === 'cart', changes);
  return bytes.toString('utf8');
}

const web = '/spec/template/spec/containers/name=web';
const side = '/spec/template/spec/containers/name=side';

/** The lines that went and the lines that came. */
function lines(before: string, after: string): { gone: string[]; new: string[] } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone: string[] = [];
  const came: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (j < now.length && !old.slice(i).includes(now[j] ?? '')) came.push(now[j++] ?? '');
    else if (i < old.length) gone.push(old[i++] ?? '');
    else came.push(now[j++] ?? '');
  }
  return { gone, new: came };
}

describe('what is live is written', () => {
  it.each<[string, FieldChange, string[], string[]]>([
    [
      'over a number, with its comment',
      { path: '/spec/replicas', op: 'changed', live: 5 },
      ['  replicas: 2     # two are enough'],
      ['  replicas: 5     # two are enough'],
    ],
    [
      'over a quoted text, with its quotes',
      { path: `${web}/image`, op: 'changed', live: "cart:1.3's" },
      [`          image: 'cart:1.2'`],
      [`          image: 'cart:1.3''s'`],
    ],
    [
      'over a plain text, with quotes where it needs them',
      { path: `${side}/image`, op: 'changed', live: 'yes' },
      ['          image: side:1 # pinned'],
      ['          image: "yes" # pinned'],
    ],
    [
      'over a block, as a block',
      { path: `${side}/env/name=SCRIPT/value`, op: 'changed', live: 'one\nthree\n' },
      ['              two'],
      ['              three'],
    ],
    [
      'over a block, on one line',
      { path: `${side}/env/name=SCRIPT/value`, op: 'changed', live: 'one' },
      ['            value: |', '              one', '              two'],
      ['            value: one'],
    ],
    [
      'into brackets',
      { path: `${side}/env/name=FLAG/value`, op: 'changed', live: '2' },
      ['          - {name: FLAG, value: "1"}'],
      ['          - {name: FLAG, value: "2"}'],
    ],
    ['as a new key', { path: '/metadata/labels/new', op: 'added', live: 'null' }, [], ['    new: "null"']],
    [
      'as a new key in brackets',
      { path: '/metadata/annotations/a.b~1c', op: 'added', live: 'x, y' },
      [`  annotations: {owner: team-a, "note": 'x'}`],
      [`  annotations: {owner: team-a, "note": 'x', a.b/c: "x, y"}`],
    ],
    [
      'as a new key with all above it',
      { path: '/spec/template/metadata/labels/0', op: 'added', live: 'x' },
      [],
      ['    metadata:', '      labels:', '        "0": x'],
    ],
    [
      'where nothing was written',
      { path: '/spec/paused', op: 'added', live: true },
      ['  paused:'],
      ['  paused: true'],
    ],
    [
      'as a new item by its merge key',
      {
        path: '/spec/template/spec/containers/name=new',
        op: 'added',
        live: { name: 'new', command: ['a'], env: [{ name: 'L', value: 'x\ny' }] },
      },
      [],
      [
        '        - name: new',
        '          command:',
        '            - a',
        '          env:',
        '            - name: L',
        '              value: |-',
        '                x',
        '                y',
      ],
    ],
    [
      'as a new item at the end',
      { path: `${side}/command/2`, op: 'added', live: '-v' },
      [],
      ['          - "-v"'],
    ],
    [
      'as a new item in a list that was not there',
      { path: `${web}/volumeMounts/mountPath=~1tmp`, op: 'added', live: { mountPath: '/tmp', name: 't' } },
      [],
      ['          volumeMounts:', '            - mountPath: /tmp', '              name: t'],
    ],
    [
      'by taking a key away',
      { path: '/metadata/labels/tier', op: 'removed', declared: 'web' },
      [`    tier: 'web'`],
      [],
    ],
    [
      'by taking a key away in brackets',
      { path: '/metadata/annotations/note', op: 'removed', declared: 'x' },
      [`  annotations: {owner: team-a, "note": 'x'}`],
      ['  annotations: {owner: team-a}'],
    ],
    [
      'by taking an item away',
      { path: `${side}/env/name=SCRIPT`, op: 'removed', declared: {} },
      ['          - name: SCRIPT', '            value: |', '              one', '              two'],
      [],
    ],
    [
      'by taking away the key beside the dash',
      { path: `${web}/ports/containerPort=80/containerPort`, op: 'removed', declared: 80 },
      ['          - containerPort: 80', '            # kept', '            name: http'],
      ['          - name: http'],
    ],
    [
      'by leaving nothing in a list',
      { path: `${web}/ports/containerPort=80,protocol=TCP`, op: 'removed', declared: {} },
      ['          ports:', '          - containerPort: 80', '            # kept', '            name: http'],
      ['          ports: []'],
    ],
  ])('%s', (_what, change, gone, came) => {
    const file = `${other}---\n${manifest}---\n${other.replace('other', 'third')}`;
    expect(lines(file, written(file, change))).toEqual({ gone, new: came });
  });

  it('all at once, with the line ends that the file has', () => {
    const file = `${other}---\n${manifest}`.replaceAll('\n', '\r\n');
    const changes: FieldChange[] = [
      { path: '/spec/replicas', op: 'changed', live: 3 },
      { path: '/metadata/labels/tier', op: 'removed' },
      { path: `${web}/env/name=A`, op: 'added', live: { name: 'A', value: '1' } },
    ];
    const now = written(file, ...changes);
    expect(now.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(now.replaceAll('\r\n', '\n')).toBe(written(file.replaceAll('\r\n', '\n'), ...changes));
  });

  it('into a file of JSON as JSON', () => {
    const json = JSON.stringify(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cart' }, data: { a: '1' } },
      null,
      2,
    );
    const now = written(
      json,
      { path: '/data/b', op: 'added', live: 'yes' },
      { path: '/data/a', op: 'changed', live: '2' },
    );
    expect(now).toBe(json.replace('"a": "1"', '"a": "2",\n    "b": "yes"'));
  });

  it('into an item of a List, and into a file without a last line break', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: cart}\n  data:\n    a: "1"`;
    expect(written(list, { path: '/data/b', op: 'added', live: '2' })).toBe(`${list}\n    b: "2"`);
  });
});

describe('nothing is written', () => {
  const anchored = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cart}\ndata: &d\n  a: "1"\nextra: *d\n`;
  const merged = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cart}\nx: &x {a: "1"}\ndata:\n  <<: *x\n  b: "1"\n`;
  it.each<[string, string, FieldChange]>([
    ['through an anchor', anchored, { path: '/data/a', op: 'changed', live: '2' }],
    ['behind an alias', anchored, { path: '/extra/a', op: 'changed', live: '2' }],
    ['to what a merge key brings', merged, { path: '/data/a', op: 'removed', declared: '1' }],
    ['of a secret value', manifest, { path: '/spec/replicas', op: 'changed', redacted: true }],
    ['of what controllers made', manifest, { path: '/children/Pod/x/spec/image', op: 'changed', live: 'x' }],
    ['of what is no declaration', manifest, { path: '/status/replicas', op: 'added', live: 1 }],
    [
      'of an order',
      manifest,
      { path: '/spec/template/spec/containers', op: 'changed', live: ['name=side', 'name=web'] },
    ],
    ['where it is not declared', manifest, { path: '/spec/strategy/type', op: 'changed', live: 'x' }],
    ['of half a character', manifest, { path: `${side}/image`, op: 'changed', live: '\ud800' }],
    ['twice', `${manifest}---\n${manifest}`, { path: '/spec/replicas', op: 'changed', live: 1 }],
  ])('%s', (_what, file, change) => {
    expect(() => written(file, change)).toThrow(CannotEdit);
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    '0644',
    '~',
    '',
    ' x',
    'a: b',
    '# c',
    'x\ny\n',
    'x\n\n',
    '- a',
    '{{ t }}',
    "'",
    '"',
    '@here',
    '1e3',
    '=',
    '<<',
  ),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9./_-]{0,8}$/),
  fc.constantFrom('yes', 'a b', '0', "it's", 'x: y'),
);
const { value: tree } = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar as fc.Arbitrary<Json>,
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const style = fc.record({
  indent: fc.constantFrom(2, 4),
  flowLevel: fc.constantFrom(-1, -1, 2, 3),
  quotingType: fc.constantFrom('"' as const, "'" as const),
  noArrayIndent: fc.boolean(),
  crlf: fc.boolean(),
  comments: fc.array(fc.nat(40), { maxLength: 4 }),
});

/** A manifest whose `data` is that tree, written in one of many ways, between two others. */
function fileOf(
  data: Json,
  how: { crlf: boolean; comments: number[] } & Parameters<typeof dump>[1],
): string | undefined {
  const { crlf, comments, ...options } = how;
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cart' }, data };
  const own = dump(object, { ...options, lineWidth: -1, noRefs: true }).split('\n');
  // a comment line may not stand inside of a block
  if (!own.some(line => /[|>][-+]?\d?$/.test(line)))
    for (const at of comments) own.splice(Math.min(at, own.length - 1), 0, '# a remark: {x}');
  const file = `${other}---\n${own.join('\n')}---\n${other.replace('other', 'third')}`;
  const whole = crlf ? file.replaceAll('\n', '\r\n') : file;
  // only what is read back as it was meant is a case: kubectl's YAML is another one than the writer's
  const read = readDocuments(Buffer.from(whole))[1];
  if (read === undefined || isProblem(read) || JSON.stringify(read.value) !== JSON.stringify(object))
    return undefined;
  return whole;
}

/** How many lines of the new text are neither at its beginning nor at its end as they were. */
function touched(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const most = Math.min(old.length, now.length);
  let [head, tail] = [0, 0];
  while (head < most && old[head] === now[head]) head++;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return now.length - head - tail;
}

function scalarPaths(value: Json, path: string[] = []): string[][] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => scalarPaths(item, [...path, String(index)]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => scalarPaths(item, [...path, name]));
  return [path];
}

const pointer = (path: readonly string[]) =>
  path.map(part => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

it('changes exactly one field of whatever is declared, and no other line', () => {
  let tried = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      style,
      fc.nat(),
      scalar as fc.Arbitrary<Json>,
      fc.constantFrom('changed' as const, 'removed' as const, 'added' as const),
      (data, how, pick, live, op) => {
        const paths = scalarPaths(data);
        const path = paths[pick % Math.max(paths.length, 1)];
        const file = fileOf(data, how);
        fc.pre(path !== undefined && path.length > 0 && file !== undefined);
        const at = op === 'added' ? ['data', 'added-key'] : ['data', ...path];
        fc.pre(op !== 'removed' || !/^\d+$/.test(path.at(-1) ?? ''));
        tried += 1;
        let now: string;
        try {
          now = written(file, { path: pointer(at), op, ...(op === 'removed' ? {} : { live }) });
        } catch (error) {
          if (!(error instanceof CannotEdit)) throw error;
          refused += 1;
          return;
        }
        const expected = structuredClone({ data }) as Record<string, Json>;
        const parent = at
          .slice(0, -1)
          .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], expected) as Record<
          string,
          Json
        >;
        if (op === 'removed') delete parent[at.at(-1) ?? ''];
        else parent[at.at(-1) ?? ''] = live;
        const [first, second, third] = readDocuments(Buffer.from(now));
        if (first === undefined || second === undefined || third === undefined)
          throw new Error('documents are gone');
        if (isProblem(second)) throw new Error(second.reason);
        expect((second.value as Record<string, Json>)['data']).toEqual(
          JSON.parse(JSON.stringify(expected['data'])),
        );
        const most = (live_: Json) => (typeof live_ === 'string' ? live_.split('\n').length + 1 : 1);
        expect(touched(file, now)).toBeLessThanOrEqual(
          // comments between a key and the only one below it stay
          op === 'removed' ? 1 + how.comments.length : most(live),
        );
        expect(now.includes('\r')).toBe(file.includes('\r'));
      },
    ),
    { numRuns: 300 },
  );
  expect(refused).toBeLessThan(tried / 10);
});
