import { type Identity, identify, isRefusal } from '../../declared/objects/identity.ts';
import { isProblem, readDocuments } from '../../declared/yaml/document.ts';
import { jsonPrefix } from '../../declared/yaml/json.ts';
import { splitDocuments } from '../../declared/yaml/split.ts';
import type { FieldChange } from '../../findings/finding.ts';
import type { Json } from '../../json/json.ts';
import { equal } from '../../json/value.ts';
import { edited } from './edit.ts';
import { CannotEdit } from './nodes.ts';
import { stepsOf } from './steps.ts';

/** A part of a file that is read as one document. */
interface Part {
  start: number;
  text: string;
  json: boolean;
}

/**
 * A file in which one object says what live says: all else keeps its bytes. What comes out was read again and is exactly the file
 * that went in with only those fields changed. Throws CannotEdit.
 *
 * @param wanted names the object as the file does: without a namespace where it has none.
 */
export function fileWith(
  bytes: Buffer,
  wanted: (identity: Identity) => boolean,
  changes: readonly FieldChange[],
): Buffer {
  const original = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const unix = original.replaceAll('\r\n', '\n');
  const found = partsOf(unix).flatMap(part => objectsIn(part).map(object => ({ part, ...object })));
  const own = found.filter(({ identity }) => wanted(identity));
  const [only, another] = own;
  if (only === undefined) throw new CannotEdit('the object is not written in this file as it is declared');
  if (another !== undefined) throw new CannotEdit('the file declares it twice');
  const { part, at, value } = only;
  const { edits, expected } = stepsOf(value, changes);
  const text = edits.reduce(
    (rest, edit) => edited(rest, { ...edit, path: [...at, ...edit.path] }, part.json),
    part.text,
  );
  const whole = unix.slice(0, part.start) + text + unix.slice(part.start + part.text.length);
  const result = Buffer.from(lineEndsAs(original, unix, whole), 'utf8');
  requireOnly(bytes, result, { of: value, is: expected });
  return result;
}

function partsOf(text: string): Part[] {
  if (/^\s*\{/.test(text)) {
    const { values, rest } = jsonPrefix(text);
    if (text.slice(rest).trim() === '')
      return values.map(({ text: own, offset }) => ({ start: offset, text: own, json: true }));
    if (values.length > 0) throw new CannotEdit('the file is JSON in part only');
  }
  let from = 0;
  return splitDocuments(text).flatMap(({ text: own, separator }) => {
    if (separator !== undefined) return [];
    const start = text.indexOf(own, from);
    from = start + own.length;
    return [{ start, text: own, json: false }];
  });
}

/** The objects of a document with their places in it; those of a list too. */
function objectsIn({ text }: Part): { at: (string | number)[]; value: Json; identity: Identity }[] {
  const [document, more] = readDocuments(Buffer.from(text));
  if (document === undefined || isProblem(document) || more !== undefined) return [];
  const look = (value: Json, at: (string | number)[]): ReturnType<typeof objectsIn> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const { kind, items } = value;
    if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && at.length < 8)
      return items.flatMap((item, index) => look(item, [...at, 'items', index]));
    const identity = identify(value);
    return isRefusal(identity) ? [] : [{ at, value, identity }];
  };
  return look(document.value, []);
}

/** Nothing but that one object differs, and that only as was meant. */
function requireOnly(before: Buffer, after: Buffer, change: { of: Json; is: Json }): void {
  const [old, now] = [before, after].map(bytes => readDocuments(bytes));
  if (old === undefined || now === undefined || old.length !== now.length)
    throw new CannotEdit('its documents would no longer be the same');
  for (const [index, document] of old.entries()) {
    const other = now[index];
    if (isProblem(document)) {
      if (other !== undefined && isProblem(other)) continue;
    } else if (
      other !== undefined &&
      !isProblem(other) &&
      equal(replaced(document.value, change), other.value)
    )
      continue;
    throw new CannotEdit(
      'more than that would change, as through an anchor, or the value cannot be written there',
    );
  }
}

/** The same document with one object replaced. */
function replaced(value: Json, change: { of: Json; is: Json }): Json {
  if (equal(value, change.of)) return change.is;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Array.isArray(value['items']))
    return value;
  return { ...value, items: value['items'].map(item => replaced(item, change)) };
}

/**
 * Gives the lines of a text that went through an edit the line ends that they had; new ones those of the file. Lines before and
 * behind the edited ones are the same, so they are counted from both ends.
 */
function lineEndsAs(original: string, unix: string, now: string): string {
  if (!original.includes('\r\n')) return now;
  const ends = [...original.matchAll(/\r?\n/g)].map(([end]) => end);
  const [old, lines] = [unix.split('\n'), now.split('\n')];
  let same = 0;
  while (same < Math.min(old.length, lines.length) && old[same] === lines[same]) same++;
  const most = ends.filter(end => end === '\r\n').length * 2 >= ends.length ? '\r\n' : '\n';
  const shift = lines.length - old.length;
  let behind = 0;
  while (behind < Math.min(old.length, lines.length) - same && old.at(-1 - behind) === lines.at(-1 - behind))
    behind++;
  return lines
    .map((line, index) => {
      if (index === lines.length - 1) return line;
      const from = index < same ? index : index >= lines.length - 1 - behind ? index - shift : undefined;
      return line + ((from === undefined ? most : ends[from]) ?? most);
    })
    .join('');
}
