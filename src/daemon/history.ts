import type { Declaration, EarlierObject } from '../declared/declaration.ts';
import { lostSince, mostEarlier, remembered } from '../declared/earlier.ts';
import { baseName, isChart, isKustomization } from '../declared/units/paths.ts';
import { Failure } from '../failure/failure.ts';
import type { Repository } from '../git/repository.ts';

/** A revision that was authorized once, and since when (RFC 3339); the trust root has no time. */
export interface AuthorizedRevision {
  revision: string;
  since?: string;
}

export interface HistoryParts {
  /** The authorized revisions, newest first. */
  revisions(): Promise<readonly AuthorizedRevision[]>;
  declarationAt(revision: string): Promise<Declaration>;
  changedPaths: Repository['changedPaths'];
  now(): Date;
  /** What earlier revisions declared is known now. */
  onRead(): void;
  /** It could not be read; it is tried again with the next step. */
  onFailure(error: unknown): void;
}

/**
 * Knows what earlier authorized revisions declared. It keeps nothing of its own: after a start it reads them once from the
 * object store, beside all else; from then on it follows from one declaration to the next.
 */
export class History {
  readonly #parts: HistoryParts;
  #declaration: Declaration | undefined;
  #whole: Declaration | undefined;
  #reading: Declaration | undefined;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** The declaration with `earlier`, once that is known; the same object as before where nothing changed. */
  complete(declaration: Declaration): Declaration {
    const before = this.#whole;
    if (before?.earlier !== undefined && this.#declaration === declaration) return before;
    if (before?.earlier !== undefined) {
      const lost = lostSince(before, declaration, this.#parts.now().toISOString());
      this.#whole = { ...declaration, earlier: remembered([...lost, ...before.earlier], declaration) };
    } else {
      if (this.#declaration !== declaration) this.#whole = declaration;
      void this.#read(declaration);
    }
    this.#declaration = declaration;
    return this.#whole ?? declaration;
  }

  async #read(declaration: Declaration): Promise<void> {
    if (this.#reading !== undefined) return;
    this.#reading = declaration;
    try {
      const earlier = await earlierObjects(declaration, this.#parts);
      // where another is declared by now it is read anew with the next step
      if (this.#declaration === declaration) this.#whole = { ...declaration, earlier };
      this.#parts.onRead();
    } catch (error) {
      this.#parts.onFailure(error);
    } finally {
      this.#reading = undefined;
    }
  }
}

/**
 * What the last authorized revisions before this one declared and it does not. Only so many are read as stopped declaring
 * something, as far as the changed files tell; one whose holdfast.yaml is wrong declared nothing. Throws what Git throws.
 */
export async function earlierObjects(
  declaration: Declaration,
  parts: Pick<HistoryParts, 'revisions' | 'declarationAt' | 'changedPaths' | 'now'>,
): Promise<EarlierObject[]> {
  const all = await parts.revisions();
  const at = all.findIndex(({ revision }) => revision === declaration.revision);
  let newer: AuthorizedRevision = all[at] ?? { revision: declaration.revision ?? '' };
  const found: EarlierObject[] = [];
  let read = 0;
  for (const older of all.slice(at + 1)) {
    if (read >= mostEarlier) break;
    const paths = await parts.changedPaths(older.revision, newer.revision);
    if (paths.some(mayStopDeclaring)) {
      read += 1;
      const before = await declaredThen(parts, older.revision);
      const since = newer.since ?? parts.now().toISOString();
      if (before !== undefined) found.push(...lostSince(before, declaration, since));
    }
    newer = older;
  }
  return remembered(found, declaration);
}

/** What is only added takes nothing away, unless it says how the rest is read. */
function mayStopDeclaring({ path, change }: { path: string; change: string }): boolean {
  return change !== 'added' || isKustomization(path) || isChart(path) || baseName(path) === 'holdfast.yaml';
}

async function declaredThen(
  { declarationAt }: Pick<HistoryParts, 'declarationAt'>,
  revision: string,
): Promise<Declaration | undefined> {
  try {
    return await declarationAt(revision);
  } catch (error) {
    if (error instanceof Failure && (error.code === 'HF1104' || error.code === 'HF1001')) return undefined;
    throw error;
  }
}
