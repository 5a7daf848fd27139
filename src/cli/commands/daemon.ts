import type { Command } from 'commander';
import { Option } from 'commander';
import { environmentHelp } from './environment-help.ts';
import { cluster, collect, namespace, type Run } from './options.ts';

/** The daemon, and what asks it or reads its records. */
export function addDaemon(holdfast: Command, run: Run): void {
  cluster(holdfast.command('run'))
    .description('the daemon; set up by environment variables, which `--help` lists')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['observer', 'converger', 'all']).default('all'),
    )
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .addHelpText('after', environmentHelp)
    .action(options => run(async () => (await import('../run.ts')).run(options)));

  namespace(cluster(holdfast.command('status')))
    .description('what a running daemon says of each unit')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits 2 when a unit is unknown, none is known, or one was not compared for 15 minutes, as when no daemon runs; else 1 when one has drifted, else 0.',
    )
    .action(options => run(async () => (await import('../status.ts')).status(options)));

  namespace(cluster(holdfast.command('log')))
    .description('every verdict, sync, freeze and refused request that is kept, oldest first')
    .addHelpText(
      'after',
      '\nWith audit.gitNotes in holdfast.yaml, verdicts and syncs are in Git too:\n' +
        '  git fetch origin +refs/notes/holdfast:refs/notes/holdfast\n' +
        '  git log --first-parent --notes=holdfast',
    )
    .option('--unit <name>', 'only of this unit; may be repeated', collect, [])
    .option('--since <time>', 'only from this time on: 2026-11-21, or with a time')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'jsonl']).default('text'))
    .action(options => run(async () => (await import('../log.ts')).log(options)));
}
