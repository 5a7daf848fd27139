import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/drivers/ansible/changes.ts';

const of = (...diffs: unknown[]) =>
  changesOf([{ hidden: false, changed: true, diff: diffs.length === 1 ? diffs[0] : diffs }]);
const content = (before: string, after: string, file = '/etc/motd') => ({
  before,
  after,
  before_header: `${file} (content)`,
  after_header: `${file} (content)`,
});

it.each<[string, unknown, unknown[]]>([
  [
    'a file that is not there',
    { before: '', after: 'hello\n', after_header: '/etc/motd' },
    [{ path: '/etc/motd/content', op: 'removed', declared: 'hello' }],
  ],
  [
    'the lines that differ',
    content('a\nold\nc\n', 'a\nnew\nc\n'),
    [{ path: '/etc/motd/content', op: 'changed', declared: 'new', live: 'old' }],
  ],
  [
    'attributes',
    { before: { path: '/etc/motd', mode: '0644' }, after: { path: '/etc/motd', mode: '0640' } },
    [{ path: '/etc/motd/mode', op: 'changed', declared: '0640', live: '0644' }],
  ],
  [
    'a package',
    { prepared: '+ nginx-1.26\n' },
    [{ path: '/prepared', op: 'removed', declared: '+ nginx-1.26' }],
  ],
  [
    'a state',
    { before: { state: 'absent', path: '/srv/x' }, after: { state: 'directory', path: '/srv/x' } },
    [{ path: '/srv/x/state', op: 'changed', declared: 'directory', live: 'absent' }],
  ],
  ['nothing', { before: 'a', after: 'a', before_header: 'x' }, []],
  [
    'keys with slashes',
    { before: { 'a/b': 1 }, after: { 'a/b': 2 } },
    [{ path: '/a~1b', op: 'changed', declared: 2, live: 1 }],
  ],
  ['a list of no diffs', [], []],
])('%s', (_, diff, expected) => {
  expect(of(diff)).toEqual(expected);
});

it('many lines are shortened', () => {
  const [change] = of(content('', Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n')));
  expect(change?.declared).toMatch(/line 19\n… and 30 more lines$/);
});

it('only the items of a loop that change anything count', () => {
  const parts = [
    { hidden: false, changed: false, diff: content('a', 'b', '/one') },
    { hidden: false, changed: true, diff: content('a', 'b', '/two') },
  ];
  expect(changesOf(parts).map(({ path }) => path)).toEqual(['/two/content']);
});

const secret = 'hunter2hunter2';

describe('contents are left out, and told to differ,', () => {
  it.each<[string, unknown]>([
    ['by the name of the file', content(secret, 'x', '/etc/app/secrets.yml')],
    ['of keys', content(secret, 'x', '/etc/tls/server.key')],
    ['of environments', content(secret, 'x', '/srv/.env')],
    ['by a line with a password', content(`db_password = ${secret}`, 'x')],
    ['by a URL with a password', content(`u: postgres://app:${secret}@db`, 'x')],
    ['by what looks like a token', content(`k: ${secret}${'a1B2'.repeat(10)}`, 'x')],
    ['of a private key', content('x', `-----BEGIN RSA PRIVATE KEY-----\n${secret}`)],
    [
      'by a mode that others may not read',
      [content(secret, 'x'), { before: { mode: '0644' }, after: { mode: '0600' } }],
    ],
    ['of an attribute with such a name', { before: { password: secret }, after: { password: 'x' } }],
  ])('%s', (_, diff) => {
    const changes = of(...[diff].flat());
    expect(JSON.stringify(changes)).not.toContain(secret);
    expect(changes.some(({ redacted }) => redacted === true)).toBe(true);
  });

  it('where the task hides its output', () => {
    expect(changesOf([{ hidden: true, changed: true, diff: content(secret, 'x') }])).toEqual([
      { path: '/no_log', op: 'changed', redacted: true },
    ]);
  });
});

it('whatever a module gives as its diff, it is read without an error', () => {
  fc.assert(fc.property(fc.jsonValue(), diff => void changesOf([{ hidden: false, changed: true, diff }])));
});
