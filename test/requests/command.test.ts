import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, readCommand } from '../../src/requests/command.ts';

describe('a command', () => {
  it.each<[string, Command]>([
    ['', { what: 'status' }],
    ['  status ', { what: 'status' }],
    ['HELP', { what: 'help' }],
    ['help me please', { what: 'help' }],
    ['diff', { what: 'diff', units: [] }],
    ['diff shop', { what: 'diff', units: ['shop'] }],
    ['run shop  cart shop', { what: 'run', units: ['shop', 'cart'] }],
    ['rollback #12 13', { what: 'rollback', targets: ['#12', '13'] }],
    ['rollback 1a2b3c4', { what: 'rollback', targets: ['1a2b3c4'] }],
    ['freeze 2h the database moves', { what: 'freeze', duration: '2h', reason: 'the database moves' }],
    ['freeze until monday', { what: 'freeze', reason: 'until monday' }],
    ['unfreeze', { what: 'unfreeze' }],
    ['unfreeze freeze-1a2b', { what: 'unfreeze', name: 'freeze-1a2b' }],
  ])('%j is read', (text, expected) => {
    expect(readCommand(text)).toEqual(expected);
  });

  it.each([
    'run --all',
    'run shop;reboot',
    'run $(id)',
    'run `id`',
    'run ../shop',
    'run <!here>',
    'run <https://x.example|shop>',
    'run shop\u0000',
    'run \u202eshop',
    'diff *',
    'rollback',
    'rollback main',
    'rollback --force 12',
    'rollback HEAD~1',
    'rollback 12..14',
    'freeze',
    'freeze 2h',
    'unfreeze a b',
    'unfreeze ../x',
    'status of what',
    'authorize abc',
    `run ${'u '.repeat(30)}`,
  ])('%j is refused, and nothing of it is repeated', text => {
    const read = readCommand(text);
    expect(read).toHaveProperty('wrong');
    const [, rest] = /^\S+ (.+)$/s.exec(text) ?? [];
    if (rest !== undefined && rest !== '2h' && 'wrong' in read) expect(read.wrong).not.toContain(rest);
  });

  it('never gives a name that could be anything but a name', () => {
    const words = fc.oneof(
      fc.constantFrom('run', 'diff', 'rollback', 'unfreeze', 'freeze', 'status'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), parts => {
        const read = readCommand(parts.join(' '));
        if ('wrong' in read) return;
        const names = 'units' in read ? read.units : 'targets' in read ? read.targets : [];
        for (const name of names) expect(name).toMatch(/^#?[0-9a-zA-Z][-0-9a-zA-Z]{0,62}$/);
        if (read.what === 'freeze') expect(read.reason.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});
