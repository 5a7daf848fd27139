import type { FieldChange } from '../../findings/finding.ts';
import type { Part } from './events.ts';

/** Files whose names say that they hold secrets. */
const secretName =
  /passw|secret|token|credential|vault|shadow|htpasswd|private|id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:key|pem|p12|pfx|jks|kdbx|keytab|env)$|(?:^|\/)\.(?:env|netrc|pgpass|aws|ssh|docker)(?:\/|$)/i;
/** Lines that hold one, wherever they stand. */
const secretLine =
  /passw|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|BEGIN [A-Z ]*PRIVATE|authorization:|bearer |:\/\/[^/\s:@]+:[^/\s@]+@|\$(?:1|2[aby]?|5|6|y)\$|\b[A-Za-z0-9+/_-]{40,}\b/i;

const mostLines = 20;
const mostText = 2_000;

/**
 * The field changes of one task on one host, as its diff tells them: `/etc/motd/content` with the lines that differ, `/etc/motd/mode` and so on. Contents are left
 * out where the task says so (`no_log`), and where the file is not for everyone: by its name, its mode or what stands in it.
 */
export function changesOf(parts: readonly Part[]): FieldChange[] {
  const changes = parts.filter(({ changed }) => changed === true).flatMap(part => partChanges(part));
  const seen = new Set<string>();
  return changes
    .filter(({ path, op }) => !seen.has(`${op} ${path}`) && seen.add(`${op} ${path}`))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function partChanges({ hidden, diff }: Part): FieldChange[] {
  if (hidden) return [{ path: '/no_log', op: 'changed', redacted: true }];
  const diffs = (Array.isArray(diff) ? diff : [diff]).filter(isMap);
  const closed = diffs.some(isClosed);
  return diffs.flatMap(one => {
    const file = fileOf(one);
    if (typeof one['prepared'] === 'string') return textChange('', one['prepared'], '/prepared', closed);
    const [before, after] = [one['before'], one['after']];
    if (isMap(before) || isMap(after))
      return fieldChanges(isMap(before) ? before : {}, isMap(after) ? after : {}, file);
    if (before === after) return [];
    const secret = closed || secretName.test(file ?? '');
    return textChange(textOf(before), textOf(after), `${placeOf(file)}/content`, secret);
  });
}

/** Attributes, such as mode, owner and state: they say what a file is, not what is in it. */
function fieldChanges(
  live: Record<string, unknown>,
  declared: Record<string, unknown>,
  file: string | undefined,
): FieldChange[] {
  const at = file ?? named(live) ?? named(declared);
  const keys = [...new Set([...Object.keys(live), ...Object.keys(declared)])]
    .filter(key => key !== 'path')
    .sort();
  return keys.flatMap((key): FieldChange[] => {
    const [one, other] = [live[key], declared[key]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const path = `${placeOf(at)}/${quoted(key)}`;
    if (secretName.test(key) || secretLine.test(JSON.stringify([one, other])))
      return [{ path, op: 'changed', redacted: true }];
    if (one === undefined) return [{ path, op: 'removed', declared: other }];
    if (other === undefined) return [{ path, op: 'added', live: one }];
    return [{ path, op: 'changed', declared: other, live: one }];
  });
}

function textChange(live: string, declared: string, path: string, secret: boolean): FieldChange[] {
  const [before, after] = [live.split('\n'), declared.split('\n')];
  const [had, wanted] = [new Set(before), new Set(after)];
  const gone = before.filter(line => !wanted.has(line));
  const fresh = after.filter(line => !had.has(line));
  const op = live === '' ? 'removed' : declared === '' ? 'added' : 'changed';
  if (secret || [...gone, ...fresh].some(line => secretLine.test(line)))
    return [{ path, op, redacted: true }];
  return [
    {
      path,
      op,
      ...(op === 'added' ? {} : { declared: shortened(fresh) }),
      ...(op === 'removed' ? {} : { live: shortened(gone) }),
    },
  ];
}

function shortened(lines: readonly string[]): string {
  const kept = lines.slice(0, mostLines).join('\n').slice(0, mostText);
  return lines.length > mostLines ? `${kept}\n… and ${lines.length - mostLines} more lines` : kept;
}

/** Whether a diff names a mode that keeps others from reading the file. */
function isClosed({ before, after }: Record<string, unknown>): boolean {
  return [before, after].some(side => isMap(side) && /^0?[0-7]*[0-3]$/.test(String(side['mode'] ?? '4')));
}

function fileOf({ after_header: after, before_header: before }: Record<string, unknown>): string | undefined {
  const header = [after, before].find(
    text => typeof text === 'string' && text !== '' && !text.startsWith('dynamically'),
  );
  return typeof header === 'string' ? header.replace(/ \((?:content|file attributes)\)$/, '') : undefined;
}

function named({ path }: Record<string, unknown>): string | undefined {
  return typeof path === 'string' ? path : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value);
}

/** A file of a host as the beginning of a path: `/etc/motd`. */
function placeOf(file: string | undefined): string {
  const parts = (file ?? '').split('/').filter(part => part !== '');
  return parts.map(part => `/${quoted(part)}`).join('');
}

function quoted(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
