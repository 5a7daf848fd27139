import { inject } from 'vitest';
import { type CommandResult, runCommand } from '../../../sandbox/processes/run.ts';
import { holdfast } from '../../../sandbox/shop/daemon.ts';

/** Runs a command of Holdfast against the shared control plane, with nothing else in its environment than what is given. */
export function runHoldfast(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const base = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: inject('kubeconfig') };
  return runCommand(holdfast, args, { env: { ...base, ...env }, timeoutMs: 50_000 });
}
