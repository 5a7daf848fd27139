import { secretsIn } from '../daemon/configuration/secrets.ts';
import { toFailure } from '../failure/failure.ts';
import { Scrubber } from '../log/scrubber.ts';
import { visible } from '../report/terminal.ts';

/**
 * What a command that failed prints: one line, and with HOLDFAST_DEBUG where it was thrown. Whatever stands in an error, the
 * secrets of the environment are taken out, and no character reaches the terminal that could not be seen.
 */
export function failureText(
  error: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const failure = toFailure(error, 'HF1002');
  const scrubber = new Scrubber(secretsIn(environment));
  const stack = environment['HOLDFAST_DEBUG'] === undefined ? undefined : failure.stack;
  const lines = [`holdfast: ${failure.line}`, ...(stack === undefined ? [] : [stack])];
  const [first = '', ...rest] = lines.map(line => scrubber.scrub(line));
  return [first, ...rest.flatMap(text => text.split('\n'))].map(line => `${visible(line)}\n`).join('');
}
