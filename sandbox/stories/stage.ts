import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../src/failure/failure.ts';
import { runCommand } from '../processes/run.ts';
import { holdfast } from '../shop/daemon.ts';
import type { Shop } from '../shop/start.ts';

/** Where a story is told: lines of the transcript. */
export interface Stage {
  readonly shop: Shop;
  /** A heading. */
  scene(title: string): void;
  /** What is done, in words or as the command that does it. */
  act(line: string): void;
  /** What was seen, indented under what was done. */
  see(text: string): void;
  /** A check of the story; what does not hold ends it. */
  check(what: string, holds: boolean): void;
}

/** Waits until `look` finds something; says what was waited for when it does not come in time. */
export async function eventually<T>(
  stage: Stage,
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  ms = 60_000,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (!stage.shop.daemon.process.running())
      throw new Failure('HF1004', `the daemon ended:\n${stage.shop.daemon.log()}`);
    if (performance.now() >= end)
      throw new Failure('HF1004', `waited ${ms / 1000} s in vain for ${what}:\n${stage.shop.daemon.log()}`);
    await sleep(25);
  }
}

/** Waits until the daemon tells a block, after `from` characters of what it has told, that holds all of these words. */
export function alert(stage: Stage, from: number, words: readonly string[], ms?: number): Promise<string> {
  return eventually(
    stage,
    `an alert with ${words.join(', ')}`,
    () =>
      stage.shop.daemon
        .told()
        .slice(from)
        .split('\n\n')
        .find(block => words.every(word => block.includes(word)))
        ?.trim(),
    ms,
  );
}

/** Runs a command of Holdfast with the daemon's environment; returns what it prints. Any exit code but 0 ends the story. */
export async function run(stage: Stage, ...args: string[]): Promise<string> {
  stage.act(`holdfast ${args.join(' ')}`);
  const env = { PATH: process.env['PATH'], HOME: stage.shop.workplace.dir, ...stage.shop.env };
  const { code, stdout, stderr } = await runCommand(holdfast, args, { env, timeoutMs: 120_000 });
  if (code !== 0)
    throw new Failure('HF1004', `holdfast ${args[0]} ended with ${code}: ${stderr.trim()} ${stdout.trim()}`);
  return stdout.trim();
}
