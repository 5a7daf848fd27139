import { existsSync, readFileSync } from 'node:fs';
import type { Workplace } from '../../../sandbox/processes/workplace.ts';
import { type ShopDaemon, startDaemon } from '../../../sandbox/shop/daemon.ts';
import { waitUntil } from './wait-until.ts';

interface Waiting {
  /** Only what came after so many characters. */
  from?: number;
  ms?: number;
}

/** `holdfast run` as a child that can be killed and started again; its console and its log go on over all starts. */
export interface DaemonChild {
  start(): void;
  /** SIGKILL to the daemon itself and all that it started. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit status and how long it took. What does not end in 15 s is killed (137). */
  stop(): Promise<{ status: number; ms: number }>;
  /** Everything that all starts have told. */
  told(): string;
  /** Everything that all starts have logged. */
  log(): string;
  /** Waits for a block of the console that holds all of these words. */
  alert(words: readonly string[], waiting?: Waiting): Promise<string>;
  /** Waits for a line of the log that holds all of these words. */
  logged(words: readonly string[], waiting?: Waiting): Promise<string>;
  /** As `waitUntil`, and what the daemon told and logged goes into the error. */
  until<T>(what: string, look: Parameters<typeof waitUntil<T>>[1], ms?: number): Promise<T>;
}

/** Starts nothing yet; `environment` is asked before each start. `options` are those of the command line. */
export function daemonChild(
  workplace: Workplace,
  environment: () => Readonly<Record<string, string>>,
  options: readonly string[] = [],
): DaemonChild {
  let daemon: ShopDaemon | undefined;
  const running = () => daemon?.process.running() === true;
  const read = (file: string) =>
    existsSync(workplace.path(file)) ? readFileSync(workplace.path(file), 'utf8') : '';
  const child: DaemonChild = {
    start() {
      if (running()) throw new Error('the daemon runs already');
      daemon = startDaemon(workplace, environment(), options);
    },
    async kill() {
      await daemon?.process.kill();
    },
    async stop() {
      const began = performance.now();
      await daemon?.process.stop(15_000);
      return { status: (await daemon?.process.ended) ?? 0, ms: performance.now() - began };
    },
    told: () => read('console.log'),
    log: () => read('daemon.log'),
    alert: (words, { from = 0, ms = 45_000 } = {}) =>
      child.until(
        `an alert with ${words.join(', ')}`,
        () => part(child.told().slice(from), '\n\n', words),
        ms,
      ),
    logged: (words, { from = 0, ms = 45_000 } = {}) =>
      child.until(
        `a line of the log with ${words.join(', ')}`,
        () => part(child.log().slice(from), '\n', words),
        ms,
      ),
    until: (what, look, ms = 60_000) =>
      waitUntil(what, look, ms).catch(error => {
        const state = running() ? 'runs' : 'does not run';
        const [told, log] = [child.told().slice(-2_000), child.log().slice(-3_000)];
        throw new Error(`${error.message}; the daemon ${state}; it told:\n${told}\nlog:\n${log}`, {
          cause: error,
        });
      }),
  };
  return child;
}

function part(text: string, separator: string, words: readonly string[]): string | undefined {
  return text
    .split(separator)
    .find(one => words.every(word => one.includes(word)))
    ?.trim();
}
