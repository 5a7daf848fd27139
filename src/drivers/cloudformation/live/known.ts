import type { Json } from '../../../json/json.ts';
import { equal } from '../../../json/value.ts';
import { knownText } from './known-types.ts';

/** What is known of one property of a type beyond its schema. */
export type Knowledge =
  /** The values that AWS sets when none is declared; another one was set by somebody. */
  | { what: 'default'; values: Json[] }
  /** Nothing is set when none is declared: any value was set by somebody. */
  | { what: 'absent' }
  /** AWS chooses a value for each resource. */
  | { what: 'chosen' }
  /** AWS does not give it back. */
  | { what: 'unreadable' }
  /** AWS gives it back whenever it is set. */
  | { what: 'readable' }
  /** AWS gives it back under another key. */
  | { what: 'alias'; key: string }
  /** AWS may give it back inside another key beside it instead. */
  | { what: 'within'; key: string }
  /** AWS adds a word to a text of words. */
  | { what: 'adds'; word: string }
  /** The order of the items means something. */
  | { what: 'ordered' };

/** Facts about single types, each from recorded answers of AWS or its documentation. A type that is not in it has none. */
export class Known {
  readonly #types: ReadonlyMap<string, ReadonlyMap<string, Knowledge>>;

  private constructor(types: ReadonlyMap<string, ReadonlyMap<string, Knowledge>>) {
    this.#types = types;
  }

  static parse(text: string): Known {
    const types = new Map<string, Map<string, Knowledge>>();
    let properties = new Map<string, Knowledge>();
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      if (line.startsWith(' ')) add(properties, line.trim());
      else {
        properties = new Map();
        types.set(line, properties);
      }
    }
    return new Known(types);
  }

  /** The same without the types of a service (`S3`): how good the general rules are alone. */
  without(service: string): Known {
    return new Known(new Map([...this.#types].filter(([type]) => type.split('::')[1] !== service)));
  }

  of(type: string, pattern: readonly string[]): Knowledge | undefined {
    return this.#types.get(type)?.get(pattern.join('.'));
  }

  /** Whether anything is known of a type at all. */
  has(type: string): boolean {
    return this.#types.has(type);
  }
}

/** `Timeout = 3`, `Data unreadable`, `Gte alias GreaterThanOrEqual`; several lines `=` of one path are several defaults. */
function add(properties: Map<string, Knowledge>, line: string): void {
  const [path = '', what = '', ...rest] = line.split(' ');
  const argument = rest.join(' ');
  if (what === '=') {
    const before = properties.get(path);
    const value = JSON.parse(argument) as Json;
    if (before?.what === 'default') before.values.push(value);
    else properties.set(path, { what: 'default', values: [value] });
  } else if (what === 'alias' || what === 'within') properties.set(path, { what, key: argument });
  else if (what === 'adds') properties.set(path, { what, word: argument });
  else if (isPlain(what)) properties.set(path, { what });
  else throw new Error(`the table of known types has a line that is not understood: ${line}`);
}

function isPlain(what: string): what is 'absent' | 'chosen' | 'unreadable' | 'readable' | 'ordered' {
  return ['absent', 'chosen', 'unreadable', 'readable', 'ordered'].includes(what);
}

export const known: Known = Known.parse(knownText);

/** Lists of any type whose items are steps, layers or words of a command. */
const ordered =
  /^(?:Layers|Command|EntryPoint|Arguments|Args|CacheBehaviors|Stages|Steps|mainSteps|SecurityGroupRulesOrder|KeySchema|Origins?Order|PartitionKeys|Columns|Processors|Pipeline|Commands)$/;

export function isOrdered(table: Known, type: string, pattern: readonly string[]): boolean {
  return table.of(type, pattern)?.what === 'ordered' || ordered.test(pattern.at(-1) ?? '');
}

/** Single values that services give back whenever they are set, so that their absence means that they were taken away. */
const clearables =
  /^(?:Description|Comment|DisplayName|RetentionInDays|ReservedConcurrentExecutions|PermissionsBoundary|KmsKeyArn|KmsMasterKeyId|KmsKeyId)$/;

export function isClearable(table: Known, type: string, pattern: readonly string[]): boolean {
  const what = table.of(type, pattern)?.what;
  return what === 'readable' || (what !== 'unreadable' && clearables.test(pattern.at(-1) ?? ''));
}

/** Secrets are given to AWS and never come back, whatever the schema says. */
const secrets = /(?:Password|Secret|SecretString|PrivateKey|AuthToken|MasterUserSecret|Passwords)$/;

export function isUnreadable(table: Known, type: string, pattern: readonly string[]): boolean {
  return table.of(type, pattern)?.what === 'unreadable' || secrets.test(pattern.at(-1) ?? '');
}

/** Whether the table says that two values are one. */
export function sameByRule(
  table: Known,
  type: string,
  pattern: readonly string[],
  values: { declared: Json; live: Json },
): boolean {
  const rule = table.of(type, pattern);
  // an access string of Redis begins with everything forbidden, said or not
  const added = rule?.what === 'adds' ? rule.word : pattern.at(-1) === 'AccessString' ? '-@all' : undefined;
  if (added === undefined) return equal(values.declared, values.live);
  const words = (value: Json) =>
    String(value)
      .split(/\s+/)
      .filter(word => word !== added)
      .join(' ');
  return words(values.declared) === words(values.live);
}
