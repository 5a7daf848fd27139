import { z } from 'zod';
import { fieldManager } from '../../../cluster/cluster.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { listAt, objectAt } from './json.ts';

const entrySchema = z.looseObject({
  manager: z.string().default(''),
  operation: z.string().default(''),
  apiVersion: z.string().default(''),
  subresource: z.string().default(''),
  time: z.string().default(''),
});

/** One entry of managedFields: who holds fields of an object, and how it came by them. */
export interface ManagerEntry {
  manager: string;
  operation: string;
  apiVersion: string;
  subresource: string;
  /** RFC 3339, by the clock of the server. */
  time: string;
}

/**
 * Those that held an object before Holdfast, as people and Helm bring it into a cluster. Their hold is ended when Holdfast
 * applies it: it would keep fields that Git drops later, and `kubectl apply` counts defaults among them.
 */
const earlier = new Set(['kubectl-client-side-apply', 'kubectl-create', 'before-first-apply', 'helm']);

const nobody: ManagerEntry = { manager: '', operation: '', apiVersion: '', subresource: '', time: '' };

/** The entries of managedFields; one that cannot be read counts as nobody's. */
export function entriesOf(live: JsonObject): ManagerEntry[] {
  return listAt(objectAt(live, 'metadata'), 'managedFields').map(
    entry => entrySchema.safeParse(entry).data ?? nobody,
  );
}

/** Whether Holdfast has applied the object itself. */
export function isApplied(live: JsonObject): boolean {
  return entriesOf(live).some(isOurs);
}

/** When Holdfast last wrote the object, by the server's clock, in milliseconds since 1970; undefined where that is not told. */
export function writtenAtMs(live: JsonObject): number | undefined {
  const times = entriesOf(live).flatMap(({ manager, subresource, time }) => {
    const at = Date.parse(time);
    return manager === fieldManager && subresource === '' && !Number.isNaN(at) ? [at] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Tools other than Holdfast, kubectl and Helm that apply the object (server-side). */
export function otherAppliers(live: JsonObject): string[] {
  return entriesOf(live).flatMap(entry =>
    entry.operation === 'Apply' && entry.subresource === '' && !isOurs(entry) && !isHand(entry.manager)
      ? [entry.manager]
      : [],
  );
}

/** Whether a manager is a tool of people, who may not hold against Git what they applied by hand. */
export function isHand(manager: string): boolean {
  return manager === 'kubectl' || manager.startsWith('kubectl-') || manager === 'helm';
}

/** managedFields without those that held the object before; undefined where nothing would be left, or nothing goes. */
export function withoutEarlier(live: JsonObject): Json[] | undefined {
  const entries = entriesOf(live);
  const all = listAt(objectAt(live, 'metadata'), 'managedFields');
  const kept = all.filter((_, index) => !isEarlier(entries[index]));
  return kept.length === 0 || kept.length === all.length ? undefined : kept;
}

/** managedFields with our own entry in another version of the API; undefined where it is in that one already. */
export function inVersion(live: JsonObject, apiVersion: string): Json[] | undefined {
  const entries = entriesOf(live);
  const group = (text: string) => (text.includes('/') ? text.slice(0, text.indexOf('/')) : '');
  const moves = (entry: ManagerEntry | undefined) =>
    entry !== undefined &&
    entry.apiVersion !== apiVersion &&
    group(entry.apiVersion) === group(apiVersion) &&
    isOurs(entry);
  if (!entries.some(moves)) return undefined;
  return listAt(objectAt(live, 'metadata'), 'managedFields').map((entry, index) =>
    moves(entries[index]) && typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? { ...entry, apiVersion }
      : entry,
  );
}

function isOurs({ manager, operation, subresource }: ManagerEntry): boolean {
  return manager === fieldManager && operation === 'Apply' && subresource === '';
}

function isEarlier(entry: ManagerEntry | undefined): boolean {
  return (
    entry !== undefined &&
    earlier.has(entry.manager) &&
    entry.operation === 'Update' &&
    entry.subresource === ''
  );
}
