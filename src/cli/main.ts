import { CommanderError } from 'commander';
import type { Action } from './commands/options.ts';
import { program } from './program.ts';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** Every command resolves to its exit code; a thrown Failure is printed as one line and exits with 2. */
type Action = () => Promise<number>;

const version = String(
  (
    JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8')) as {
      version: unknown;
    }
  ).version,
);

function program(run: (action: Action) => void): Command {
  const holdfast = new Command('holdfast')
    .description('What runs stays true to what was merged.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  const cluster = (command: Command) =>
    command
      .option('--kubeconfig <file>', 'the kubeconfig to use (default: as kubectl finds it)')
      .option('--context <name>', 'the context of the kubeconfig');
  const namespace = (command: Command) =>
    command.option(
      '--namespace <name>',
      'where Holdfast keeps its resources',
      process.env['HOLDFAST_NAMESPACE'] ?? 'holdfast',
    );

  cluster(holdfast.command('diff'))
    .description('compare a repository, or a plain folder of manifests, with live; read-only')
    .argument('[path]', 'a repository, a folder or a file', '.')
    .option('--unit <name>', 'only this unit; may be repeated', collect, [])
    .option('--revision <rev>', 'read the declarations of this revision from the object store')
    .option('--environment <name>', 'the environment to compare')
    .option('--verbose', 'also print what was left out of the comparison, and why')
    .addOption(
      new Option('-o, --output <format>', 'how to print')
        .choices(['text', 'json', 'html', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nExits 2 when anything is unknown or the command failed, else 1 when anything is not as declared, else 0.',
    )
    .action((path, options) => run(async () => (await import('./diff.ts')).diff(path, options)));

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
    .addOption(
      new Option('-o, --output <format>', 'how to print')
        .choices(['text', 'json', 'html', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nExits 2 when anything could not be told or the command failed, else 1 when something would be refused, else 0: changes alone are no failure.',
    )
    .action((path, options) => run(async () => (await import('./preview.ts')).preview(path, options)));

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
    .action((folder, options) => run(async () => (await import('./publish.ts')).publish(folder, options)));

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
    .addOption(
      new Option('-o, --output <format>', 'how to print')
        .choices(['text', 'json', 'html', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nExits 2 when anything could not be checked or the command failed, else 1 when anything is invalid, else 0. Notes, such as deprecated API versions, change nothing.',
    )
    .action((path, options) => run(async () => (await import('./validate.ts')).validate(path, options)));

  cluster(holdfast.command('run'))
    .description('the daemon; set up by environment variables, which `--help` lists')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['observer', 'converger', 'all']).default('all'),
    )
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .addHelpText('after', environmentHelp)
    .action(options => run(async () => (await import('./run.ts')).run(options)));

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
    .action((revision, options) => run(async () => (await import('./verify.ts')).verify(revision, options)));

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
          ? (await import('./sync-plan.ts')).planSyncs(units, options)
          : (await import('./sync.ts')).sync(units, options),
      ),
    );

  namespace(cluster(holdfast.command('log')))
    .description('every verdict, sync, freeze and refused request that is kept, oldest first')
    .option('--unit <name>', 'only of this unit; may be repeated', collect, [])
    .option('--since <time>', 'only from this time on: 2026-11-21, or with a time')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'jsonl']).default('text'))
    .action(options => run(async () => (await import('./log.ts')).log(options)));

  namespace(cluster(holdfast.command('freeze')))
    .description('hold units by hand: no sync of theirs begins; without a reason, what is held now')
    .argument('[unit...]', 'units (default: all)')
    .option('--reason <text>', 'why; told with every sync that waits')
    .option('--for <span>', 'how long: 90m, 2h, 3d (default: until it is lifted)')
    .option('--until <time>', 'until when: 2027-01-02T08:00:00Z')
    .action((units, options) => run(async () => (await import('./freeze.ts')).freeze(units, options)));

  namespace(cluster(holdfast.command('unfreeze')))
    .description('lift what was held by hand')
    .argument('[name...]', 'names of freezes, as `holdfast freeze` lists them')
    .option('--all', 'lift all')
    .action((names, options) => run(async () => (await import('./freeze.ts')).unfreeze(names, options)));

  holdfast
    .command('rollback')
    .description(
      'take back merged pull requests by a new one; set up by the environment variables of the daemon',
    )
    .argument('<what...>', 'numbers of pull requests (12, #12), or commits of the branch')
    .option('--dry-run', 'only say what would be taken back')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nNothing is applied before the new pull request is approved and merged. Exits 0 when it is open, 1 when what is named cannot be taken back (unknown, conflicts, nothing to do), 2 when the command failed.',
    )
    .action((what, options) =>
      run(async () => (await import('./rollback.ts')).rollbackCommand(what, options)),
    );

  namespace(cluster(holdfast.command('status')))
    .description('what a running daemon says of each unit')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits 2 when a unit is unknown, none is known, or one was not compared for 15 minutes, as when no daemon runs; else 1 when one has drifted, else 0.',
    )
    .action(options => run(async () => (await import('./status.ts')).status(options)));

  return holdfast;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 86_400))
    throw new InvalidArgumentError('A number of seconds is needed, at most 86400.');
  return number;
}

function fullSha(value: string): string {
  if (!/^[0-9a-f]{40}$/.test(value))
    throw new InvalidArgumentError('A full commit SHA has 40 lower-case hex digits.');
  return value;
}

const environmentHelp = `
Environment:
  HOLDFAST_GIT_URL            the repository to watch (required)
  HOLDFAST_GIT_BRANCH         its branch (main)
  HOLDFAST_GIT_TOKEN          token for an http(s) remote; also HOLDFAST_GIT_TOKEN_FILE
  HOLDFAST_POLL_SECONDS       how often the branch is looked at without a webhook (30)
  HOLDFAST_FORGE              gitea, github, gitlab, or none: alert-only, nothing is ever applied (none)
  HOLDFAST_FORGE_URL          the address that people open (github: github.com, gitlab: gitlab.com)
  HOLDFAST_FORGE_REPOSITORY   owner/name
  HOLDFAST_FORGE_REPOSITORY_ID  its number at the forge, to pin it from the start
  HOLDFAST_FORGE_TOKEN        token that may read the repository and its pull requests; also …_FILE
  HOLDFAST_FORGE_APP_ID, HOLDFAST_FORGE_APP_KEY, HOLDFAST_FORGE_APP_INSTALLATION
                              a GitHub App instead of the token; the key also as …_FILE
  HOLDFAST_FORGE_WRITE_TOKEN  token that may push branches and open pull requests (HOLDFAST_FORGE_TOKEN); also …_FILE
  HOLDFAST_TRUST_ROOT         full SHA of the first trusted revision (required with a forge)
  HOLDFAST_WEBHOOK_SECRET     secret of the forge’s webhook to /hooks/forge; also …_FILE
  HOLDFAST_NAMESPACE          where Holdfast keeps its resources (holdfast)
  HOLDFAST_ENVIRONMENT        which environment this daemon serves
  HOLDFAST_DATA               folder for the mirror, which can be lost at any time (holdfast in the temp directory)
  HOLDFAST_KUSTOMIZE          path of kustomize or kubectl, which renders kustomizations (found on PATH)
  HOLDFAST_TERRAFORM          path of terraform or tofu (found on PATH); docs/terraform.md has its credentials
  HOLDFAST_ANSIBLE_PLAYBOOK   path of ansible-playbook (found on PATH); docs/ansible.md has its credentials
  HOLDFAST_HELM               path of helm, 3 or 4, which renders and installs charts (found on PATH)
  HOLDFAST_HELM_REGISTRY_CONFIG  file with credentials of OCI registries, as \`helm registry login\` writes it
  HOLDFAST_LISTEN             host:port for the page, probes, metrics and webhooks (127.0.0.1:8080)
  HOLDFAST_PAGE_PROXY_HEADER  the page is for whom a proxy names in this header; with HOLDFAST_PAGE_PROXY_FROM, its networks
  HOLDFAST_PAGE_ISSUER        the page is for whom this OpenID issuer knows and HOLDFAST_PAGE_ALLOW names (groups=platform);
                              with HOLDFAST_PAGE_URL, HOLDFAST_PAGE_CLIENT_ID and HOLDFAST_PAGE_CLIENT_SECRET (also …_FILE).
                              Without either it is shown on this machine only
  HOLDFAST_PREVIEW_ISSUER     previews are made for CI jobs that prove themselves by a token of this issuer
  HOLDFAST_PREVIEW_ALLOW      what must be in it: repository=acme/infrastructure; HOLDFAST_PREVIEW_AUDIENCE (holdfast)
  HOLDFAST_DEBUG_PORT         CPU profiles and sums of memory at this port of the loopback interface (off)
  OTEL_EXPORTER_OTLP_ENDPOINT traces are sent there by OTLP over HTTP (off); the other OTEL_… variables as usual
  HOLDFAST_HEALTH_SECONDS     how long a sync waits for health (300)
  HOLDFAST_KEEP_DAYS          how long the records of syncs and requests are kept (90)
  HOLDFAST_KEEP_COUNT         how many of each kind at most (1000)
  HOLDFAST_SUMMARY            cron expression: when what is still open is told anew, such as 0 9 * * 1-5;
                              HOLDFAST_SUMMARY_TIMEZONE (UTC) says in which time zone
  HOLDFAST_EVENTS             whether drift is told as Kubernetes Events on the objects: true or false (true)
  HOLDFAST_ALERT_URL          each transition is sent there as JSON, signed with HOLDFAST_ALERT_SECRET (also …_FILE)
  HOLDFAST_ALERTMANAGER_URL   open incidents are alerts of this Alertmanager
  SLACK_BOT_TOKEN             tells in Slack, not only on the console; also …_FILE
  HOLDFAST_SLACK_CHANNEL      the channel for what no route matches (required with a Slack token)
  SLACK_APP_TOKEN             lets people ask in Slack, over a connection of ours (Socket Mode); also …_FILE
  SLACK_SIGNING_SECRET        lets people ask in Slack, over HTTP at /slack/requests; also …_FILE
  HOLDFAST_SLACK_TEAM         the workspace (T…) or organization (E…) whose people may ask (required with one of these)
  HOLDFAST_SLACK_COMMAND      the name of the command (/sync)
  SLACK_API_URL               another address of Slack’s API, for tests
`;

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
