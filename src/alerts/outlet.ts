import type { Transition } from '../incidents/incident.ts';

/** Facts that a message needs and an incident does not hold. */
export interface Telling {
  environment: string;
  /** The repository's name for people, and a link to a file at a revision, where the forge has one. */
  repository: string;
  link?: (revision: string, file: string, line?: number) => string;
  /** The revision that is compared with. */
  revision: string | null;
  /** What will happen next, in words: `nothing until a sync is asked for`. */
  next: string;
}

/** A place where people are told: the console, Slack. */
export interface Outlet {
  readonly name: string;
  /**
   * Tells a transition, and returns what must be remembered to edit the same message later (kept in `incident.told`).
   * Throws a Failure HF17xx when it could not be told; the caller tries again.
   */
  tell(transition: Transition, telling: Telling): Promise<Record<string, string>>;
  close(): Promise<void>;
}
