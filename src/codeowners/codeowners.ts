/** Which forge's syntax a CODEOWNERS file is written in: the three differ in patterns, in sections and in what a match means. */
export type Dialect = 'github' | 'gitea' | 'gitlab';

/**
 * Who owns: an account by its login, a team or group by its path (`acme/payments`), an e-mail address, or a role of the
 * repository (GitLab's `@@developer`). Names stand without the `@`.
 */
export interface Owner {
  kind: 'user' | 'team' | 'email' | 'role';
  name: string;
}

/** What one entry of the file asks for a path. */
export interface Ownership {
  /** GitLab's section; absent for the file's own. */
  section?: string;
  /** Any of them will do. Never empty. */
  owners: Owner[];
  /** How many of them must approve. */
  approvals: number;
  /** Whether the file only recommends it (GitLab's `^[section]`). */
  optional: boolean;
  /** Of the entry in the file, from 1. */
  line: number;
}

/** A line that the forge would pass over, so that it asks nobody. */
export interface CodeOwnersError {
  line: number;
  message: string;
}

/** A CODEOWNERS file, read. */
export interface CodeOwners {
  /** Its path in the repository. */
  file: string;
  dialect: Dialect;
  errors: CodeOwnersError[];
  /** What the file asks for a path; empty where nobody owns it. Several in Gitea and with GitLab's sections. */
  ownersOf(path: string): Ownership[];
}

/** An owner as it stands in the file. */
export function ownerText({ kind, name }: Owner): string {
  return kind === 'email' ? name : `${kind === 'role' ? '@@' : '@'}${name}`;
}
