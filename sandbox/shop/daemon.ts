import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Supervised } from '../processes/supervise.ts';
import type { Workplace } from '../processes/workplace.ts';

/** The program as people run it. */
export const holdfast = fileURLToPath(new URL('../../bin/holdfast', import.meta.url));

/** The daemon as a child: what it tells on its console, and its own log. */
export interface ShopDaemon {
  readonly process: Supervised;
  /** Everything that it has told so far, without its log. */
  told(): string;
  /** The end of its log, for a message. */
  log(): string;
}

/** Starts `holdfast run` with its console and its log in files of their own. `options` are those of the command line. */
export function startDaemon(
  workplace: Workplace,
  env: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): ShopDaemon {
  const console = workplace.path('console.log');
  const log = workplace.path('daemon.log');
  const script = 'console="$1"; log="$2"; shift 2; exec "$0" run "$@" >>"$console" 2>>"$log"';
  const args = ['-c', script, holdfast, console, log, ...options];
  const child = workplace.start('holdfast', '/bin/sh', args, env);
  return {
    process: child,
    told: () => textFrom(console, 0),
    log: () => textFrom(log, 0).split('\n').slice(-20).join('\n'),
  };
}

/** Calls back with what is added to a file, until stopped. */
export function follow(file: string, onText: (text: string) => void): () => void {
  let position = 0;
  const look = () => {
    const text = textFrom(file, position);
    if (text === '') return;
    position += Buffer.byteLength(text);
    onText(text);
  };
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
  };
}

function textFrom(file: string, position: number): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= position) return '';
  const bytes = Buffer.alloc(size - position);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position)).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
