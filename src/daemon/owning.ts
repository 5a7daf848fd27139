import type { CodeOwners, Dialect, Owner } from '../codeowners/codeowners.ts';
import { readCodeOwners } from '../codeowners/read.ts';
import type { SourceTree } from '../declared/tree.ts';

/** Who owns the files of the revision that is compared with, as its CODEOWNERS says. */
export class Owning {
  readonly #dialect: Dialect;
  readonly #treeAt: (revision: string) => Promise<SourceTree>;
  #revision: string | null = null;
  #owners: CodeOwners | null = null;

  constructor(dialect: Dialect, treeAt: (revision: string) => Promise<SourceTree>) {
    this.#dialect = dialect;
    this.#treeAt = treeAt;
  }

  /** Reads the file of this revision; what was known stays in use where that fails, and it is tried at the next call. */
  async at(revision: string | null): Promise<void> {
    if (revision === null || revision === this.#revision) return;
    this.#owners = await readCodeOwners(await this.#treeAt(revision), this.#dialect);
    this.#revision = revision;
  }

  /** As CODEOWNERS writes them: `@ann`, `@acme/payments`, `ann@example.com`. */
  of(file: string | undefined): string[] {
    if (file === undefined) return [];
    const owners = this.#owners?.ownersOf(file).flatMap(one => one.owners.map(written)) ?? [];
    return [...new Set(owners)];
  }
}

const marks: Record<Owner['kind'], string> = { user: '@', team: '@', role: '@@', email: '' };

function written({ kind, name }: Owner): string {
  return `${marks[kind]}${name}`;
}
