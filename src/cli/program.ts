import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { addComparing } from './commands/compare.ts';
import { addConverging } from './commands/converge.ts';
import { addDaemon } from './commands/daemon.ts';
import type { Run } from './commands/options.ts';

/** The command line: its commands, their arguments and options. Whatever is asked for is given to `run`. */
export function program(run: Run): Command {
  const holdfast = new Command('holdfast')
    .description('What runs stays true to what was merged.')
    .version(version())
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  addComparing(holdfast, run);
  addConverging(holdfast, run);
  addDaemon(holdfast, run);
  return holdfast;
}

function version(): string {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url));
  return String((JSON.parse(readFileSync(file, 'utf8')) as { version: unknown }).version);
}
