import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';
import { Failure } from '../failure/failure.ts';
import { wantsColour } from '../report/terminal.ts';
import { readable } from './readable.ts';
import type { Scrubber } from './scrubber.ts';

export type LogLevel = LevelWithSilent;

/** Messages are static words; what varies goes into the fields: `log.warn({ unit, error }, 'cannot render a unit')`. */
export type Log = Logger;

export interface LogOptions {
  level: LogLevel;
  /** Where lines go: standard error. On a terminal they are short and readable, else one JSON object each. */
  stream: { write(text: string): unknown; isTTY?: boolean | undefined };
  environment: Readonly<Record<string, string | undefined>>;
  /** Every line passes it; register each secret before it is used. */
  scrubber: Scrubber;
}

/** The log of the process. Lines are written at once and in this thread, so that none is lost when it ends. */
export function createLog(options: LogOptions): Log {
  const { stream, scrubber } = options;
  const terminal = stream.isTTY === true;
  const colour = wantsColour(stream, options.environment);
  const destination: DestinationStream = {
    write: line => void stream.write(terminal ? readable(line, { colour }) : line),
  };
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      errorKey: 'error',
      serializers: { error: serializeError },
      hooks: { streamWrite: line => scrubber.scrub(line) },
    },
    destination,
  );
}

/** An error as fields: a failure with its code, place and advice; any other with its stack. */
function serializeError(error: unknown): unknown {
  if (error instanceof Failure) {
    return { code: error.code, message: error.message, ...error.where, advice: error.advice };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  return { type: error.name, message: error.message, stack: error.stack };
}
