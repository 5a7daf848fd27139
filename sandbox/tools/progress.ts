import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Takes one line of progress at a time. */
export type Progress = (line: string) => void;

/** Progress as a person sees it: on stderr, so that results on stdout stay clean. */
export const progressOnStderr: Progress = line => {
  process.stderr.write(`sandbox: ${line}\n`);
};

/** A duration as people say it: `8 s`, `3 min 10 s`. */
export function inWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const timingsSchema = z.record(z.string(), z.number().positive());

/** Does one step and tells of it: before (with what it took last time here, or typically), every 30 s, and after. */
export async function tellStep<T>(
  step: { what: string; number: number; of: number; typicalSeconds: number },
  { cache, progress }: { cache: string; progress: Progress },
  work: () => Promise<T>,
): Promise<T> {
  const last = readTimings(cache)[step.what];
  const expected =
    last === undefined ? `typically ${inWords(step.typicalSeconds)}` : `last time ${inWords(last)}`;
  progress(`step ${step.number} of ${step.of}: ${step.what} (${expected})`);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const beat = setInterval(
    () => progress(`  still ${step.what}: ${inWords(seconds())} (${expected})`),
    30_000,
  );
  try {
    const result = await work();
    writeTiming(cache, step.what, seconds());
    progress(`  done in ${inWords(seconds())}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}

function readTimings(cache: string): Record<string, number> {
  try {
    return timingsSchema.parse(JSON.parse(readFileSync(join(cache, 'timings.json'), 'utf8')));
  } catch {
    return {};
  }
}

/** Written under the tools' lock only, so that no other process writes at the same time. */
function writeTiming(cache: string, what: string, seconds: number): void {
  const timings = { ...readTimings(cache), [what]: Math.max(0.1, Math.round(seconds * 10) / 10) };
  writeFileSync(join(cache, 'timings.json'), `${JSON.stringify(timings, null, 2)}\n`);
}
