import type { Declaration, DeclaredUnit, EarlierObject } from './declaration.ts';
import { hashText } from './hash.ts';

/** How many of the revisions that stopped declaring something are remembered. */
export const mostEarlier = 20;

/** What one revision declared and a later one does not, whatever unit and version it is in. `removedAt` is RFC 3339. */
export function lostSince(before: Declaration, after: Declaration, removedAt: string): EarlierObject[] {
  const { revision } = before;
  if (revision === null) return [];
  const kept = identitiesOf(after);
  return before.units.flatMap(({ definition: { name, path }, objects }) =>
    objects
      .filter(object => !kept.has(identityOf(object.ref)))
      .map(({ ref, source }) => ({ unit: name, path, ref, source, revision, removedAt })),
  );
}

/**
 * What is remembered of earlier revisions once another is declared: of each object the latest revision that declared it, never
 * what is declared now, and only of the last revisions that stopped declaring something. `found` is sorted from late to early.
 */
export function remembered(found: Iterable<EarlierObject>, declaration: Declaration): EarlierObject[] {
  const declared = identitiesOf(declaration);
  const seen = new Set<string>();
  const revisions = new Set<string>();
  const kept: EarlierObject[] = [];
  for (const earlier of found) {
    const identity = identityOf(earlier.ref);
    if (declared.has(identity) || seen.has(identity)) continue;
    revisions.add(earlier.revision);
    if (revisions.size > mostEarlier) break;
    seen.add(identity);
    kept.push(earlier);
  }
  return kept;
}

/**
 * Units that are declared no more and whose objects may still live: they declare nothing, and are looked at under their old name.
 * A unit of another driver that has the name now tells of itself.
 */
export function retiredUnits({ units, earlier = [] }: Declaration): DeclaredUnit[] {
  const names = new Set(units.map(({ definition }) => definition.name));
  const retired = new Map<string, DeclaredUnit>();
  for (const { unit: name, path } of earlier) {
    if (names.has(name) || retired.has(name)) continue;
    retired.set(name, {
      definition: { name, driver: 'kubernetes', path },
      objects: [],
      findings: [],
      notObjects: [],
      hash: hashText(`retired ${name}`),
    });
  }
  return [...retired.values()];
}

function identitiesOf({ units }: Declaration): Set<string> {
  return new Set(
    units.flatMap(({ objects, hooks = [] }) => [...objects, ...hooks].map(({ ref }) => identityOf(ref))),
  );
}

/** The same for the same object in another version of its API. */
function identityOf({ apiVersion, kind, namespace, name }: EarlierObject['ref']): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, namespace ?? null, name]);
}
