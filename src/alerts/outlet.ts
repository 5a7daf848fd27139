import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { Transition } from '../incidents/incident.ts';
import type { Message } from './message.ts';

/** Facts that a message needs and an incident does not hold. */
export interface Telling {
  environment: string;
  /** The repository's name for people, and a link to a file at a revision, where the forge has one. */
  repository: string;
  link?: (revision: string, file: string, line?: number) => string;
  /** The branch that is followed, for `main@abc1234`. */
  branch?: string;
  /** The revision that is compared with. */
  revision: string | null;
  /** What will happen next, in words: `nothing until a sync is asked for`. */
  next: string;
}

/** A place where people are told: the console, Slack. */
export interface Outlet {
  readonly name: string;
  /**
   * Tells a transition, and returns what must be remembered to edit the same message later (kept as the `place` of
   * `incident.told`, where the outlet finds it again under its own name). Throws a TellFailure when it could not be told;
   * the caller tries again, with the newest state.
   */
  tell(transition: Transition, telling: Telling): Promise<Record<string, string>>;
  /** Tells a message of its own, which nothing edits later. Throws a TellFailure. */
  remind(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** A transition that could not be told. */
export class TellFailure extends Failure {
  /** `outlet`: nothing can be told there now; `message`: this one cannot, others may. */
  readonly scope: 'outlet' | 'message';
  /** How long the other side asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    what: string,
    options: { scope: 'outlet' | 'message'; retryAfterMs?: number; cause?: unknown },
  ) {
    super(code, what, options.cause === undefined ? {} : { cause: options.cause });
    this.scope = options.scope;
    this.retryAfterMs = options.retryAfterMs;
  }
}
