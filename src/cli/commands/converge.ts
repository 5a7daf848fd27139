import type { Command } from 'commander';
import { Option } from 'commander';
import { cluster, fullSha, namespace, type Run, seconds } from './options.ts';

/** Commands around a change: is it authorized, apply it, hold it, take it back. */
export function addConverging(holdfast: Command, run: Run): void {
  namespace(cluster(holdfast.command('verify')))
    .description(
      'is a revision authorized, and on what evidence; set up by the environment variables of the daemon',
    )
    .argument('<revision>', 'a full commit SHA', fullSha)
    .option(
      '--from <sha>',
      'the revision to start from, which you trust (default: the newest authorized ancestor)',
      fullSha,
    )
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExits 0 when it is authorized, 1 when it is denied, 2 when it cannot be told.')
    .action((revision, options) => run(async () => (await import('../verify.ts')).verify(revision, options)));

  namespace(cluster(holdfast.command('sync')))
    .description('ask for a sync of the authorized revision; the converger decides')
    .argument('[unit...]', 'units (default: all that have drifted; of a dry run: all)')
    .option('--no-wait', 'do not wait for the end')
    .option('--timeout <seconds>', 'how long to wait', seconds, 300)
    .option('--dry-run', 'print the plan that a sync would carry out, and change nothing')
    .option('--repository <path>', 'of a dry run: the checkout that has the revision', '.')
    .option('--revision <rev>', 'of a dry run: the revision (default: what the daemon compares with)')
    .option('--environment <name>', 'of a dry run: the environment')
    .addOption(
      new Option('-o, --output <format>', 'of a dry run: how to print')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nExits 0 when all succeeded, 1 when one failed or was refused, 2 when it could not be asked for or did not end in time. A dry run exits 2 when something cannot be planned, else 1 when there is anything to do, else 0.',
    )
    .action((units, options) =>
      run(async () =>
        options.dryRun === true
          ? (await import('../sync-plan.ts')).planSyncs(units, options)
          : (await import('../sync.ts')).sync(units, options),
      ),
    );

  namespace(cluster(holdfast.command('freeze')))
    .description('hold units by hand: no sync of theirs begins; without a reason, what is held now')
    .argument('[unit...]', 'units (default: all)')
    .option('--reason <text>', 'why; told with every sync that waits')
    .option('--for <span>', 'how long: 90m, 2h, 3d (default: until it is lifted)')
    .option('--until <time>', 'until when: 2027-01-02T08:00:00Z')
    .action((units, options) => run(async () => (await import('../freeze.ts')).freeze(units, options)));

  namespace(cluster(holdfast.command('unfreeze')))
    .description('lift what was held by hand')
    .argument('[name...]', 'names of freezes, as `holdfast freeze` lists them')
    .option('--all', 'lift all')
    .action((names, options) => run(async () => (await import('../freeze.ts')).unfreeze(names, options)));

  holdfast
    .command('rollback')
    .description(
      'take back merged pull requests by a new one; set up by the environment variables of the daemon',
    )
    .argument('<what...>', 'numbers of pull requests (12, #12), or commits of the branch')
    .option('--as <login>', 'your login at the forge: your own approval will not count')
    .option('--dry-run', 'only say what would be taken back; needs no --as')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nNothing is applied before the new pull request is approved and merged. Exits 0 when it is open, 1 when what is named cannot be taken back (unknown, conflicts, nothing to do), 2 when the command failed.',
    )
    .action((what, options) =>
      run(async () => (await import('../rollback.ts')).rollbackCommand(what, options)),
    );
}
