/** A pull request that was opened, or was found open. */
export interface OpenedPull {
  number: number;
  url: string;
  /** Of one that was found: whose it is. Somebody else may have pushed a branch of the name and opened it. */
  author?: string;
}

/** A pull request to open from a branch that was pushed. */
export interface WantedPull {
  branch: string;
  base: string;
  title: string;
  /** Markdown. Text from outside in it must have been made harmless. */
  body: string;
}

/** What taking back a merged pull request needs to know of it. */
export interface MergedPull {
  number: number;
  url: string;
  title: string;
  /** The branch that it was merged into. */
  base: string;
  /** What the base was updated to: the merge, the squashed or the last rebased commit. */
  mergeCommit: string;
  /** The last commit that was reviewed. */
  head: string;
  /** Where the forge keeps it. */
  headRef: string;
  /** From which commit its changes are shown, where the forge says; tells where a fast-forward began. */
  mergeBase: string | null;
}

export type Permission = 'none' | 'read' | 'write' | 'admin';

/**
 * How changes come to people as pull requests, and who may ask for them. Nothing here can merge or approve. Every method throws
 * a Failure HF14xx when the forge does not do it.
 */
export interface Proposals {
  /** The open pull request of a branch of the repository itself, not of a fork. */
  findOpen(branch: string, base: string): Promise<OpenedPull | undefined>;
  /** Opens a pull request; gives the one that is open already. Throws HF1451. */
  open(wanted: WantedPull): Promise<OpenedPull>;
  /** Throws HF1453 where there is none of the number, or it is not merged. */
  merged(number: number): Promise<MergedPull>;
  /** What an account may do now; `none` for an unknown one and for a bot. */
  permissionOf(login: string): Promise<Permission>;
}

export function mayWrite(permission: Permission): boolean {
  return permission === 'write' || permission === 'admin';
}
