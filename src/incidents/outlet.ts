import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { Incident, Severity, Transition } from './incident.ts';
import type { Line, Piece } from './say.ts';

/** Facts that a message needs and an incident does not hold. */
export interface Telling {
  /** Absent where the installation has no name of its own. */
  environment?: string;
  /** The repository's name for people, and a link to a file at a revision, where the forge has one. */
  repository: string;
  link?: (revision: string, file: string, line?: number) => string;
  /** The branch that is followed, for `main@abc1234`. */
  branch?: string;
  /** The revision that is compared with. */
  revision: string | null;
  /** What will happen next, in words: `nothing until a sync is asked for`. */
  next: string;
  severity: Severity;
  /** Who owns the declaring file, as CODEOWNERS writes them. */
  owners?: readonly string[];
  /** A page with the whole difference, for people who may see it. */
  page?: string;
}

/** One place where an outlet tells, such as a channel, and how long that is to wait: quiet hours. */
export interface Lane {
  /** The outlet's name, or that and the place: `slack/C0SHOP`. */
  name: string;
  /** Nothing is told there before, in milliseconds since the epoch. */
  notBefore?: number;
}

/** How a transition is to be told. */
export interface Tell {
  transition: Transition;
  telling: Telling;
  /** The name of the lane. */
  lane: string;
  /** What the outlet gave back when it told of this incident last; empty the first time. */
  place: Record<string, string>;
  /** It may have been told before without our knowing: by a process that was killed, or by a call that was not answered. */
  doubtful: boolean;
}

/** What is told of an incident, the same for every outlet. */
export interface Message {
  /** The verdict in one word. */
  verdict: 'DRIFT' | 'INVALID' | 'REFUSED' | 'BLIND' | 'RESOLVED' | 'OPEN';
  severity: Severity;
  /** What follows the verdict on the first line. */
  headline: Piece[];
  /** The story; empty once it is over. */
  lines: Line[];
}

/** A message of its own, such as the daily summary. */
export interface Reminder {
  message: Message;
  lane: string;
  /** The same for each try of one reminder. */
  id: string;
  /** When it was first tried, in milliseconds since the epoch. */
  sinceMs: number;
  /** An earlier try may have told it all the same. */
  doubtful: boolean;
}

/** A place where people are told: the console, Slack. */
export interface Outlet {
  readonly name: string;
  /** Whether it tells changes of state in a thread of their own, besides the message. */
  readonly threads?: boolean;
  /** Where this incident is told for the first time; one lane of the outlet's name unless told. Later it stays there. */
  lanes?(incident: Incident): readonly Lane[];
  /**
   * Tells a transition, by one message at most, and returns what must be remembered to go on later (kept as the `place` of
   * `incident.told`). A transition `noted` holds notes for the thread; an outlet without threads gets those with words of
   * their own alone. Throws a TellFailure when it could not be told; the caller tries again, with the newest state.
   */
  tell(tell: Tell): Promise<Record<string, string>>;
  /** Tells a message of its own, which nothing edits later. Throws a TellFailure. */
  remind(reminder: Reminder): Promise<void>;
  close(): Promise<void>;
}

/** A transition that could not be told. */
export class TellFailure extends Failure {
  /** `outlet`: nothing can be told there now; `message`: this one cannot, others may. */
  readonly scope: 'outlet' | 'message';
  /** How long the other side asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** It is not known whether it was told all the same: the answer did not come. */
  readonly ambiguous: boolean;

  constructor(
    code: FailureCode,
    what: string,
    options: {
      scope: 'outlet' | 'message';
      retryAfterMs?: number | undefined;
      ambiguous?: boolean;
      cause?: unknown;
    },
  ) {
    super(code, what, options.cause === undefined ? {} : { cause: options.cause });
    this.scope = options.scope;
    this.retryAfterMs = options.retryAfterMs;
    this.ambiguous = options.ambiguous === true;
  }
}
