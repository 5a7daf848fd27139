import { userInfo } from 'node:os';
import { join } from 'node:path';
import { configurationFrom } from '../daemon/configuration.ts';
import { proposingWith } from '../daemon/proposing.ts';
import { Failure } from '../failure/failure.ts';
import { mayWrite, type Proposals } from '../forge/proposals.ts';
import { openMirror } from '../git/mirror.ts';
import { Scrubber } from '../log/scrubber.ts';
import { type ProposedPull, type Requester, requesterTrailer } from '../propose/propose.ts';
import { nameOf, planRollback, type RollbackPlan, rollback } from '../propose/rollback/rollback.ts';
import { visible } from '../report/terminal.ts';

export interface RollbackOptions {
  /** The login at the forge of who asks. */
  as?: string;
  dryRun?: boolean;
  output: 'text' | 'json';
}

/** What cannot be taken back, as against what could not be done. */
const notPossible: ReadonlySet<string> = new Set(['HF1453', 'HF1454', 'HF1455']);

/**
 * `holdfast rollback`: opens a pull request that takes back merged ones. It needs Git and the forge, and no cluster. As from Slack, who
 * asks is named in the commit, so that their own approval does not count: the token that opens it may be shared.
 */
export async function rollbackCommand(what: readonly string[], options: RollbackOptions): Promise<number> {
  const configuration = configurationFrom(process.env);
  const { forge, git, dataDirectory } = configuration;
  if (forge === undefined)
    throw new Failure('HF1001', 'HOLDFAST_FORGE is not set: without a forge there are no pull requests');
  const repository = await openMirror({ directory: join(dataDirectory, 'mirror.git'), ...git });
  const parts = proposingWith(forge, repository);
  const scrubber = new Scrubber(configuration.secrets);
  const print = (text: string) => process.stdout.write(scrubber.scrub(text));
  try {
    if (options.dryRun === true) {
      const plan = await planRollback(what, parts);
      print(options.output === 'json' ? jsonOf(plan) : textOf(plan));
      return 0;
    }
    const by = await requesterOf(options.as, parts.proposals);
    const { plan, ...pull } = await rollback(what, parts, by);
    print(options.output === 'json' ? jsonOf(plan, pull) : textOf(plan) + pullText(pull));
    return 0;
  } catch (error) {
    if (!(error instanceof Failure) || !notPossible.has(error.code)) throw error;
    process.stderr.write(scrubber.scrub(`${visible(error.line)}\n`));
    return 1;
  }
}

/** Throws HF1001 where nobody is named, or one who may not write. */
async function requesterOf(
  login: string | undefined,
  proposals: Pick<Proposals, 'permissionOf'>,
): Promise<Requester> {
  if (login === undefined)
    throw new Failure(
      'HF1001',
      'who asks? Name your login at the forge (--as alice): it cannot approve this',
    );
  if (requesterTrailer({ words: '', login }) === '')
    throw new Failure('HF1001', '--as: this is no login of a forge');
  if (!mayWrite(await proposals.permissionOf(login)))
    throw new Failure('HF1001', `--as: ${login} may not write to the repository`);
  return { words: `${login} (holdfast rollback, by ${userInfo().username})`, login };
}

function textOf({ reverted, changes, tip }: RollbackPlan): string {
  const taken = reverted.map(one => {
    const title = one.pull === undefined ? 'which no pull request explains' : one.pull.title;
    return `  ${nameOf(one)} ${visible(title)} (${one.before.slice(0, 12)}..${one.last.slice(0, 12)})\n`;
  });
  const files = changes.map(({ path, change }) => `  ${change} ${visible(path)}\n`);
  return `Taken back on top of ${tip.slice(0, 12)}, newest first:\n${taken.join('')}which makes of the files:\n${files.join('')}`;
}

function pullText({ number, url, already, author }: ProposedPull): string {
  const whose = author === undefined ? '' : `, opened by ${visible(author)}`;
  return `#${number} ${already ? `was open already${whose}` : 'is open'}: ${visible(url)}\nNothing is applied before it is approved and merged.\n`;
}

function jsonOf({ tip, reverted, changes }: RollbackPlan, pull?: ProposedPull): string {
  return `${JSON.stringify({ tip, reverted, changes, ...(pull && { pull }) }, null, 2)}\n`;
}
