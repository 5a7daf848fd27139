import type { Command } from 'commander';
import { Option } from 'commander';
import { cluster, collect, namespace, type Run, reportFormat } from './options.ts';

/** Commands that only look: at declarations, at live, at a pull request. */
export function addComparing(holdfast: Command, run: Run): void {
  cluster(holdfast.command('diff'))
    .description('compare a repository, or a plain folder of manifests, with live; read-only')
    .argument('[path]', 'a repository, a folder or a file', '.')
    .option('--unit <name>', 'only this unit; may be repeated', collect, [])
    .option('--revision <rev>', 'read the declarations of this revision from the object store')
    .option('--environment <name>', 'the environment to compare')
    .option('--verbose', 'also print what was left out of the comparison, and why')
    .addOption(reportFormat())
    .addHelpText(
      'after',
      '\nExits 2 when anything is unknown or the command failed, else 1 when anything is not as declared, else 0.',
    )
    .action((path, options) => run(async () => (await import('../diff.ts')).diff(path, options)));

  holdfast
    .command('validate')
    .description('check the declarations alone: files, schemas, API versions; asks no cluster')
    .argument('[path]', 'a repository, a folder or a file', '.')
    .option('--unit <name>', 'only this unit; may be repeated', collect, [])
    .option('--revision <rev>', 'read the declarations of this revision from the object store')
    .option('--environment <name>', 'the environment to check for')
    .option('--kubernetes-version <version>', 'the version of the cluster (default: that of the schemas)')
    .option('--crds <path>', 'definitions beside those of the repository; may be repeated', collect, [])
    .option('--ignore-unknown-kinds', 'objects whose kind is defined nowhere are only noted')
    .addOption(reportFormat())
    .addHelpText(
      'after',
      '\nExits 2 when anything could not be checked or the command failed, else 1 when anything is invalid, else 0. Notes, such as deprecated API versions, change nothing.',
    )
    .action((path, options) => run(async () => (await import('../validate.ts')).validate(path, options)));

  namespace(cluster(holdfast.command('preview')))
    .description(
      'what merging a pull request would change: base and head, compared with each other and with live',
    )
    .argument('[path]', 'a checkout', '.')
    .requiredOption('--base <rev>', 'what it is merged into: a branch, a tag or a SHA')
    .option('--head <rev>', 'the head of the pull request', 'HEAD')
    .option('--unit <name>', 'only this unit; may be repeated', collect, [])
    .option('--environment <name>', 'the environment to compare')
    .addOption(
      new Option('--live <where>', 'where live is asked; none compares base and head alone')
        .choices(['cluster', 'daemon', 'none'])
        .default('cluster'),
    )
    .option('--why <reason>', 'with --live none: the reason, which the page shows', 'not asked for')
    .option('--daemon <url>', 'with --live daemon: the address of the daemon’s page')
    .option(
      '--token-file <file>',
      'with --live daemon: the OIDC token of the CI job (default: HOLDFAST_PREVIEW_TOKEN)',
    )
    .option('--ref <ref>', 'with --live daemon: where it finds the head, such as refs/pull/7/head')
    .option(
      '--out <folder>',
      'also write preview.html, preview.json, comment.md, summary.md and annotations.json',
    )
    .addOption(reportFormat())
    .addHelpText(
      'after',
      '\nExits 2 when anything could not be told or the command failed, else 1 when something would be refused, else 0: changes alone are no failure.',
    )
    .action((path, options) => run(async () => (await import('../preview.ts')).preview(path, options)));

  holdfast
    .command('publish')
    .description(
      'put a preview on its pull request: one comment that is edited, and a check run with remarks at the lines',
    )
    .argument('<folder>', 'what `holdfast preview --out` wrote')
    .option('--forge <name>', 'github, gitea or gitlab (default: as CI says)')
    .option('--url <address>', 'the address of the forge that people open (default: as CI says)')
    .option('--repository <owner/name>', 'the repository (default: as CI says)')
    .option('--pull <number>', 'the pull request (default: as CI says)')
    .option('--head <sha>', 'the full SHA of its head (default: as GitLab CI says)')
    .option('--author <login>', 'with GitHub: the account of the token', 'github-actions[bot]')
    .option('--check', 'with GitHub: also a check run holdfast/preview')
    .addHelpText('after', '\nThe token comes from HOLDFAST_COMMENT_TOKEN, or GITHUB_TOKEN.')
    .action((folder, options) => run(async () => (await import('../publish.ts')).publish(folder, options)));
}
