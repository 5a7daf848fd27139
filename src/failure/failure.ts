import { type FailureCode, failureCodes } from './codes.ts';

/** Where something went wrong: a file with its line, an object, a stack, an address. */
export interface Where {
  file?: string;
  line?: number;
  subject?: string;
}

/**
 * An error that a person reads: a stable code, what happened, where, and what to do.
 *
 * `message` must hold no secret: callers pass what they know to be harmless, and every outlet scrubs it again.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly where: Where;

  constructor(code: FailureCode, what: string, options: { where?: Where; cause?: unknown } = {}) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.where = options.where ?? {};
  }

  /** What the reader can do about it, from the table of codes. */
  get advice(): string {
    return failureCodes[this.code].advice;
  }

  /** One line: `HF1201 cannot fetch …: … (manifests/a.yaml:3). What to do.` */
  get line(): string {
    const { file, line, subject } = this.where;
    const place = file === undefined ? subject : line === undefined ? file : `${file}:${line}`;
    const sentence = this.message.replace(/[.\s]+$/, '');
    return `${this.code} ${sentence}${place === undefined ? '' : ` (${place})`}. ${this.advice}`;
  }
}

/** Any thrown value as a Failure; what is not one already gets `fallback` as its code. */
export function toFailure(thrown: unknown, fallback: FailureCode, where: Where = {}): Failure {
  if (thrown instanceof Failure) return thrown;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure(fallback, what, { where, cause: thrown });
}
