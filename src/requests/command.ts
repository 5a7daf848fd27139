/** What `/sync` can be asked for. */
export type Command =
  | { what: 'help' }
  | { what: 'status' }
  | { what: 'diff'; units: string[] }
  | { what: 'run'; units: string[] }
  | { what: 'rollback'; targets: string[] }
  | { what: 'freeze'; duration?: string; reason: string }
  | { what: 'unfreeze'; name?: string };

const unit = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const target = /^#?[0-9a-fA-F]{1,40}$/;
const duration = /^\d{1,4}[mhd]$/;
const mostNamed = 20;

/**
 * Reads what stands behind `/sync`. A text gives words and nothing else: no quoting, no options, no expansion; each word must have the
 * form of what it names. What cannot be read is a sentence that says so, without repeating it.
 */
export function readCommand(text: string): Command | { wrong: string } {
  const [first = '', ...rest] = text.normalize('NFKC').trim().split(/\s+/);
  const words = rest.filter(word => word !== '');
  if (words.length > mostNamed && first !== 'freeze')
    return { wrong: `no more than ${mostNamed} names at once` };
  switch (first.toLowerCase()) {
    case '':
    case 'status':
      return words.length === 0 ? { what: 'status' } : { wrong: '`status` takes nothing more' };
    case 'help':
      return { what: 'help' };
    case 'diff':
    case 'run': {
      const what = first.toLowerCase() === 'diff' ? 'diff' : 'run';
      return words.every(word => unit.test(word))
        ? { what, units: [...new Set(words)] }
        : { wrong: 'units are named by lower-case letters, digits and dashes' };
    }
    case 'rollback':
      if (words.length === 0) return { wrong: 'say what to take back: `rollback 12` or `rollback 1a2b3c4`' };
      return words.every(word => target.test(word))
        ? { what: 'rollback', targets: words }
        : { wrong: 'what to take back is a pull request (12, #12) or a commit (at least 7 digits)' };
    case 'freeze':
      return freeze(words);
    case 'unfreeze': {
      const [name, more] = words;
      if (more !== undefined || (name !== undefined && !/^[a-z0-9][-a-z0-9.]{0,252}$/.test(name)))
        return { wrong: '`unfreeze` takes the name of one freeze, or nothing for all' };
      return { what: 'unfreeze', ...(name === undefined ? {} : { name }) };
    }
    default:
      return { wrong: 'there is no such command' };
  }
}

function freeze(words: readonly string[]): Command | { wrong: string } {
  const [first = ''] = words;
  const timed = duration.test(first);
  const reason = words
    .slice(timed ? 1 : 0)
    .join(' ')
    .slice(0, 500);
  if (reason === '') return { wrong: 'a freeze needs a reason: `freeze 2h the database moves`' };
  return { what: 'freeze', reason, ...(timed ? { duration: first } : {}) };
}

/** What each command does, for people. */
export const commandHelp: readonly (readonly [usage: string, does: string])[] = [
  ['status', 'what each unit is like, and what is frozen'],
  ['diff [unit…]', 'what is not as declared'],
  ['run [unit…]', 'applies the authorized revision again; without a unit to all that have drifted'],
  ['rollback PR|commit…', 'opens a pull request that takes merged ones back'],
  ['freeze [2h] reason', 'holds all syncs, for that long or until unfreeze'],
  ['unfreeze [name]', 'lifts a freeze, or all'],
  ['help', 'this'],
];
