import { configurationFrom } from '../daemon/configuration.ts';
import { openSources } from '../daemon/sources.ts';
import { Cluster } from '../drivers/kubernetes/cluster/cluster.ts';
import { Connection } from '../drivers/kubernetes/cluster/connection.ts';
import { Failure } from '../failure/failure.ts';
import { account, explain } from '../gate/explain.ts';
import { Scrubber } from '../log/scrubber.ts';

export interface VerifyOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  from?: string;
  output: 'text' | 'json';
}

/** `holdfast verify`: judges a revision as the daemon would, from the newest authorized ancestor, and explains the verdict. */
export async function verify(revision: string, options: VerifyOptions): Promise<number> {
  const configuration = { ...configurationFrom(process.env), namespace: options.namespace };
  const connection = await Connection.open(options);
  try {
    const { repository, declarationAt, authority } = await openSources(
      configuration,
      new Cluster(connection),
    );
    if (authority === undefined)
      throw new Failure('HF1001', 'HOLDFAST_FORGE is not set: without a forge nothing is authorized');
    await repository.fetch();
    if (revision === authority.trustRoot && options.from === undefined) {
      process.stdout.write(`${revision} is authorized: it is the trust root (HOLDFAST_TRUST_ROOT).\n`);
      return 0;
    }
    const from =
      options.from ??
      (await newestAncestor(
        await authority.ledger.chain(),
        revision,
        repository.isAncestor.bind(repository),
      ));
    const { policy } = (await declarationAt(from)).settings;
    const { authorization, evidence } = await authority.gate.decide(from, revision, policy);
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
        ? `${JSON.stringify(account(evidence, authorization), null, 2)}\n`
        : explain(evidence, authorization);
    process.stdout.write(scrubber.scrub(text));
    return { authorized: 0, denied: 1, unknown: 2 }[authorization.verdict];
  } finally {
    connection.close();
  }
}

/** The newest authorized revision before the one to judge. Throws HF1206 when none is an ancestor of it. */
async function newestAncestor(
  chain: readonly string[],
  revision: string,
  isAncestor: (a: string, b: string) => Promise<boolean>,
): Promise<string> {
  for (const authorized of chain) {
    if (authorized !== revision && (await isAncestor(authorized, revision))) return authorized;
  }
  throw new Failure('HF1206', `no authorized revision is an ancestor of ${revision.slice(0, 7)}`);
}
