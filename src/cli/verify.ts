import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { configurationFrom } from '../daemon/configuration.ts';
import { newestReadable } from '../daemon/newest-readable.ts';
import { openSources } from '../daemon/sources.ts';
import { Failure } from '../failure/failure.ts';
import { account, explain, trustRootAccount } from '../gate/explain.ts';
import type { Repository } from '../git/repository.ts';
import { Scrubber } from '../log/scrubber.ts';

export interface VerifyOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  from?: string;
  output: 'text' | 'json';
}

/**
 * `holdfast verify`: judges a revision as the daemon would, from the newest authorized ancestor, and explains the verdict. A
 * start that the caller names is taken as trusted; where the ledger does not have it, the explanation says so.
 */
export async function verify(revision: string, options: VerifyOptions): Promise<number> {
  const configuration = { ...configurationFrom(process.env), namespace: options.namespace };
  // before the cluster: without a forge no kubeconfig would help
  if (configuration.forge === undefined) throw withoutForge();
  const connection = await Connection.open(options);
  try {
    const { repository, settingsAt, authority } = await openSources(configuration, new Cluster(connection));
    if (authority === undefined) throw withoutForge();
    await repository.fetch();
    if (revision === options.from)
      throw new Failure('HF1501', `${revision.slice(0, 7)} is judged from itself, which proves nothing`);
    const { trustRoot, ledger, gate } = authority;
    if (revision === trustRoot && options.from === undefined) {
      process.stdout.write(trustRootText(revision, configuration.git.branch, options.output));
      return 0;
    }
    const chain = await ledger.chain();
    const from = options.from ?? (await newestAncestor(chain, revision, repository));
    const start = chain.includes(from) ? 'ledger' : 'caller';
    const readable = start === 'ledger' ? chain.slice(chain.indexOf(from)) : [from];
    const { policy } = await newestReadable(readable, settingsAt);
    const { authorization, evidence } = await gate.decide(from, revision, policy);
    const scrubber = new Scrubber(configuration.secrets);
    if (evidence === null)
      throw new Failure(
        'HF1502',
        authorization.verdict === 'unknown'
          ? authorization.reasons.map(reason => reason.message).join('; ')
          : 'no evidence',
      );
    const text =
      options.output === 'json'
        ? `${JSON.stringify(account(evidence, authorization, start), null, 2)}\n`
        : explain(evidence, authorization, start);
    process.stdout.write(scrubber.scrub(text));
    return { authorized: 0, denied: 1, unknown: 2 }[authorization.verdict];
  } finally {
    connection.close();
  }
}

function withoutForge(): Failure {
  return new Failure('HF1001', 'HOLDFAST_FORGE is not set: without a forge nothing is authorized');
}

function trustRootText(revision: string, branch: string, output: VerifyOptions['output']): string {
  if (output === 'json') return `${JSON.stringify(trustRootAccount(revision, branch), null, 2)}\n`;
  return `${revision} is authorized: it is the trust root (HOLDFAST_TRUST_ROOT).\n`;
}

/** The newest authorized revision before the one to judge. Throws HF1206 when none is an ancestor of it. */
async function newestAncestor(
  chain: readonly string[],
  revision: string,
  repository: Pick<Repository, 'isAncestor'>,
): Promise<string> {
  for (const authorized of chain) {
    if (authorized !== revision && (await repository.isAncestor(authorized, revision))) return authorized;
  }
  throw new Failure('HF1206', `no authorized revision is an ancestor of ${revision.slice(0, 7)}`);
}
