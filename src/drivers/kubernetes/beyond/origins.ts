import type { DeclaredObject } from '../../../declared/declaration.ts';
import { type Facts, isOurs, type Owner } from './facts.ts';
import { claimTemplates, type Ground, hasSelector, placeKey, secretName } from './ground.ts';
import { kindKey } from './passed-over.ts';

/** All that was seen of live objects in the places that were looked at. */
export interface Sight {
  rows: readonly Facts[];
  /** Whether objects of this kind in this namespace could be listed. */
  isListed(kind: { group: string; kind: string }, namespace: string): boolean;
}

/** Tells of live objects where they come from: from a declaration, or from something else that is live. */
export class Origins {
  readonly #ground: Ground;
  readonly #sight: Sight;
  readonly #byUid = new Map<string, Facts>();
  readonly #byPlace = new Map<string, Facts>();

  constructor(ground: Ground, sight: Sight) {
    this.#ground = ground;
    this.#sight = sight;
    for (const row of sight.rows) {
      this.#byUid.set(row.uid, row);
      this.#byPlace.set(placeOfFacts(row), row);
    }
  }

  /** Whether it is declared, orphaned, made by the cluster itself, or belongs to something that is, or that is told of instead. */
  explains(row: Facts): boolean {
    if (this.#isKnown(row)) return true;
    if (this.#superiors(row).some(superior => this.#hasRoot(superior, new Set([row])))) return true;
    return row.owners.some(owner => this.#byUid.get(owner.uid) === undefined && this.#mayBe(row, owner));
  }

  /** Whether it was declared once, and is what was declared then: we applied it, or it lived before it was removed. */
  isOrphan(row: Facts): boolean {
    const candidate = this.#ground.candidates.get(placeOfFacts(row));
    if (candidate === undefined || row.controlled || this.#isOfRelease(row)) return false;
    return isOurs(row) || Date.parse(row.createdAt) <= Date.parse(candidate.earlier.removedAt);
  }

  #isKnown(row: Facts): boolean {
    return (
      this.#ground.declared.has(placeOfFacts(row)) ||
      row.origin?.origin.from === 'cluster' ||
      this.#isOfRelease(row) ||
      this.isOrphan(row)
    );
  }

  /** Of a Helm release that is declared: what it declares may not be known here. */
  #isOfRelease({ origin }: Facts): boolean {
    if (origin?.origin.from !== 'release') return false;
    const { release, namespace } = origin.origin;
    const { releases } = this.#ground;
    return releases.has(`${namespace}/${release}`) || releases.has(`/${release}`);
  }

  /** What it belongs to and that is live: its owners, and what its origin names. */
  #superiors(row: Facts): Facts[] {
    const owners = row.owners.flatMap(({ uid }) => this.#byUid.get(uid) ?? []);
    return [...owners, ...this.#named(row)];
  }

  #named(row: Facts): Facts[] {
    const origin = row.origin?.origin;
    if (origin?.from !== 'object') return [];
    return origin.names.flatMap(name => {
      const key = `${origin.kind} ${row.namespace}/${name}`;
      const superior = this.#byPlace.get(key);
      const declared = this.#ground.declared.get(key);
      return superior !== undefined && belongs(row, superior, declared) ? [superior] : [];
    });
  }

  /** Whether the way up ends: at something known, or at a root, which is told of itself. A circle has no root. */
  #hasRoot(row: Facts, seen: ReadonlySet<Facts>): boolean {
    if (seen.has(row)) return false;
    if (this.#isKnown(row)) return true;
    const superiors = this.#superiors(row);
    if (superiors.length === 0) return true;
    const further = new Set([...seen, row]);
    return superiors.some(superior => this.#hasRoot(superior, further));
  }

  /** An owner that was not seen: declared, of a kind that cannot be listed, or gone, so that the server takes away what it owned. */
  #mayBe(row: Facts, owner: Owner): boolean {
    const { declared, kinds, listable } = this.#ground;
    if (declared.has(placeKey(owner, row.namespace, owner.name))) return true;
    if (declared.has(placeKey(owner, '', owner.name))) return true;
    const served = kinds.served.filter(({ group, kind }) => group === owner.group && kind === owner.kind);
    if (served.length === 0) return true;
    if (served.some(({ namespaced }) => !namespaced)) return false;
    return listable.some(kind => kindKey(kind) === kindKey(owner));
  }

  /** Whether what it would belong to may live unseen. */
  mayBelong(row: Facts): boolean {
    const origin = row.origin?.origin;
    if (origin?.from !== 'object') return false;
    const slash = origin.kind.lastIndexOf('/');
    const kind = { group: origin.kind.slice(0, Math.max(slash, 0)), kind: origin.kind.slice(slash + 1) };
    return !this.#sight.isListed(kind, row.namespace);
  }
}

export function placeOfFacts({ kind, namespace, name }: Facts): string {
  return placeKey(kind, namespace, name);
}

/** A token that came with its ServiceAccount was made right after it; a later one somebody asked for. */
const tokenMs = 60_000;

/** Whether it is really made for what its origin names, as far as that, or its declaration, tells. */
function belongs(row: Facts, superior: Facts, declared: DeclaredObject | undefined): boolean {
  const { kind, name } = superior;
  if (kind.kind === 'ServiceAccount')
    return Math.abs(Date.parse(row.createdAt) - Date.parse(superior.createdAt)) <= tokenMs;
  if (declared === undefined) return true;
  if (kind.kind === 'Service') return hasSelector(declared);
  if (kind.kind === 'Certificate') return secretName(declared) === row.name;
  return claimTemplates(declared).some(template => row.name.startsWith(`${template}-${name}-`));
}
