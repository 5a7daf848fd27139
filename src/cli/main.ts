import { CommanderError } from 'commander';
import type { Action } from './commands/options.ts';
import { program } from './program.ts';

async function main(): Promise<void> {
  // Who reads may stop reading (`| head`): the exit code still tells.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.exitCode = await new Promise<number>(resolve => {
    const run = (action: Action) => void action().then(resolve, error => resolve(failed(error)));
    program(run)
      .parseAsync()
      .catch((error: unknown) =>
        resolve(error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : failed(error)),
      );
  });
}

async function failed(error: unknown): Promise<number> {
  const { failureText } = await import('./failure-text.ts');
  process.stderr.write(failureText(error, process.env));
  return 2;
}

await main();
