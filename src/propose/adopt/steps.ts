import { locateParts, type Pointer, valueAt } from '../../compare/locate.ts';
import type { FieldChange } from '../../findings/finding.ts';
import type { Json } from '../../json/json.ts';
import { pathOf } from '../../json/value.ts';
import type { Edit } from './edit.ts';
import { CannotEdit } from './nodes.ts';

/** Below these nothing is a list, whatever its keys look like. */
const maps = /^(data|binaryData|labels|annotations|matchLabels|nodeSelector|limits|requests)$/;

/**
 * The edits that make a declared object say what live says, in the order in which they are made, and the object that they give.
 * Throws CannotEdit for what has no place in a declaration.
 */
export function stepsOf(declared: Json, changes: readonly FieldChange[]): { edits: Edit[]; expected: Json } {
  const edits: Edit[] = [];
  let expected = structuredClone(declared);
  const make = (edit: Edit) => {
    edits.push(edit);
    expected = applied(expected, edit);
  };
  for (const change of changes) refuseUnwritable(change);
  for (const { path, op, live } of changes) {
    if (op !== 'changed') continue;
    const at = locateParts(expected, pathOf(path));
    if (at === undefined) throw new CannotEdit(`${path} is not declared in this file`);
    if (Array.isArray(live)) throw new CannotEdit(`the order at ${path}`);
    make({ op: 'set', path: at, value: live as Json });
  }
  const removed = changes.flatMap(({ path, op }) => {
    if (op !== 'removed') return [];
    const at = locateParts(expected, pathOf(path));
    if (at === undefined) throw new CannotEdit(`${path} is not declared in this file`);
    return [at];
  });
  // the last of a list first, so that the positions of the others stay
  for (const at of removed.toSorted(byPosition).reverse()) make({ op: 'remove', path: at });
  for (const { path, op, live } of changes.toSorted((a, b) => byPart(pathOf(a.path), pathOf(b.path))))
    if (op === 'added') make(addition(expected, path, live as Json));
  return { edits, expected };
}

function refuseUnwritable({ path, redacted, live, op }: FieldChange): void {
  if (redacted === true) throw new CannotEdit('a secret value is never written anywhere');
  if (path.startsWith('/children/'))
    throw new CannotEdit('what its controller made differs, not the object itself');
  if (/^\/(status|metadata\/(deletionTimestamp|finalizers|ownerReferences))(\/|$)/.test(path))
    throw new CannotEdit(`${path} is not for declarations`);
  if (op !== 'removed' && live === undefined) throw new CannotEdit(`the live value at ${path} is not known`);
}

/** Where something goes that the declaration does not have: a key, an item, or all that leads to it as well. */
function addition(declared: Json, path: string, live: Json): Edit {
  const parts = pathOf(path);
  for (let length = parts.length; length >= 0; length--) {
    const at = locateParts(declared, parts.slice(0, length));
    if (at === undefined) continue;
    const rest = parts.slice(length);
    const there = valueAt(declared, at);
    if (rest.length === 0) return { op: 'set', path: at, value: live };
    const [next = '', ...deeper] = rest;
    const value = nested(deeper, live, next);
    if (Array.isArray(there) || (there === null && isItem(next, parts[length - 1])))
      return { op: 'append', path: at, value };
    return { op: 'set', path: [...at, next], value };
  }
  throw new CannotEdit(`there is no place for ${path}`);
}

/** What stands at `above` so that `live` is at the parts below it. */
function nested(parts: readonly string[], live: Json, above: string): Json {
  const [next, ...deeper] = parts;
  if (next === undefined) return live;
  const value = nested(deeper, live, next);
  return isItem(next, above) ? [value] : { [next]: value };
}

function isItem(part: string, above: string | undefined): boolean {
  if (above !== undefined && maps.test(above)) return false;
  return /^\d+$/.test(part) || /^[A-Za-z]\w*=/.test(part);
}

function applied(root: Json, edit: Edit): Json {
  const copy = structuredClone(root);
  const last = edit.path.at(-1);
  if (edit.op === 'append') {
    const list = edit.path.length === 0 ? copy : valueAt(copy, [...edit.path]);
    if (Array.isArray(list)) {
      list.push(edit.value);
      return copy;
    }
    return applied(root, { op: 'set', path: edit.path, value: [edit.value] });
  }
  const parent = valueAt(copy, edit.path.slice(0, -1));
  if (last === undefined || typeof parent !== 'object') throw new CannotEdit('there is no place for it');
  if (parent === null)
    return applied(root, {
      op: 'set',
      path: edit.path.slice(0, -1),
      value: { [last]: 'value' in edit ? edit.value : null },
    });
  if (edit.op === 'set')
    Object.defineProperty(parent, last, {
      value: edit.value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

function byPosition(a: Pointer, b: Pointer): number {
  return byPart(a, b);
}

function byPart(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [one, other] = [a[at] ?? '', b[at] ?? ''];
    if (one === other) continue;
    if (/^\d+$/.test(String(one)) && /^\d+$/.test(String(other))) return Number(one) - Number(other);
    return one < other ? -1 : 1;
  }
  return a.length - b.length;
}
