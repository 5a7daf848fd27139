import type { CodeOwners, Owner, Ownership } from '../codeowners/codeowners.ts';
import { ownerText } from '../codeowners/codeowners.ts';
import { readCodeOwners } from '../codeowners/read.ts';
import { bounded } from '../concurrency/bounded.ts';
import type { Account } from '../forge/forge.ts';
import { reviewersToAsk } from './approvals.ts';
import type { Candidate, Evidence, OwnersDemand, OwnersEvidence } from './authorization.ts';
import type { Work } from './collect.ts';
import { sameLogin } from './moves.ts';
import { type PersonOf, persons } from './persons.ts';
import { before, soundRun } from './runs.ts';

const isOwnersFile = (path: string): boolean =>
  /^(?:(?:docs|\.github|\.gitea|\.gitlab)\/)?CODEOWNERS$/.test(path);

/**
 * What CODEOWNERS of the last authorized revision asks of the pull request, from our own object store, and which of its
 * reviewers are owners. Undefined where its content is not what was reviewed, so that nothing can be said of its files.
 */
export async function ownersEvidence(
  work: Work,
  evidence: Evidence,
  candidate: Candidate,
  floor: number,
): Promise<OwnersEvidence | undefined> {
  const run = soundRun(evidence, candidate, floor);
  const merge = evidence.range[candidate.last ?? -1];
  if (run === undefined || merge === undefined) return undefined;
  const { repository, forge } = work;
  const owners = await readCodeOwners(await repository.tree(evidence.from.sha), forge.kind);
  const changed = (await repository.changedPaths(before(evidence, run.first), merge.sha)).map(
    ({ path }) => path,
  );
  const touches = changed.some(isOwnersFile);
  const merged = touches ? await readCodeOwners(await repository.tree(merge.sha), forge.kind) : null;
  return {
    file: owners?.file ?? null,
    errors: errorsOf(owners),
    mergedErrors: errorsOf(merged),
    onlyOwners: changed.every(isOwnersFile),
    demands: owners === null ? [] : await demandsOf(work, evidence, candidate, owners, changed),
  };
}

function errorsOf(owners: CodeOwners | null): string[] {
  return (owners?.errors ?? []).slice(0, 5).map(({ line, message }) => `${owners?.file}:${line} ${message}`);
}

async function demandsOf(
  work: Work,
  evidence: Evidence,
  candidate: Candidate,
  owners: CodeOwners,
  changed: readonly string[],
): Promise<OwnersDemand[]> {
  const asked = new Map<number, { ownership: Ownership; paths: string[] }>();
  for (const path of changed) {
    for (const ownership of owners.ownersOf(path).filter(({ optional }) => !optional)) {
      const known = asked.get(ownership.line) ?? { ownership, paths: [] };
      known.paths.push(path);
      asked.set(ownership.line, known);
    }
  }
  const reviewers = reviewersToAsk(candidate.pull, evidence.policy);
  const isOwner = memberships(work, evidence, candidate);
  return bounded([...asked.values()], 4, async ({ ownership, paths }) => {
    const { line, section, approvals } = ownership;
    const answers = await Promise.all(
      reviewers.map(async account => ({ id: account.id, is: await isOwner(ownership.owners, account) })),
    );
    return {
      line,
      ...(section === undefined ? {} : { section }),
      owners: ownership.owners.map(ownerText),
      approvals,
      path: paths[0] ?? '',
      files: paths.length,
      members: answers.filter(({ is }) => is === true).map(({ id }) => id),
      unknown: answers.filter(({ is }) => is === 'unknown').map(({ id }) => id),
    };
  });
}

/** Asks the forge once per owner and account; what it cannot say is a gap, and unknown. */
function memberships({ forge, gap, touched }: Work, { policy }: Evidence, { pull, last }: Candidate) {
  const answers = new Map<string, Promise<boolean | 'unknown'>>();
  const personOf = persons(policy.aliases);
  const one = (owner: Owner, account: Account): Promise<boolean | 'unknown'> => {
    const key = `${ownerText(owner)} ${account.id}`;
    const answer =
      answers.get(key) ??
      forge.owns(owner, account).catch((error: unknown) => {
        gap(error, { commits: touched(last ?? 0), pull: pull.number });
        return 'unknown' as const;
      });
    answers.set(key, answer);
    return answer;
  };
  return async (owners: readonly Owner[], account: Account): Promise<boolean | 'unknown'> => {
    const users = owners.filter(({ kind }) => kind === 'user');
    if (users.some(({ name }) => isPerson(name, account, personOf))) return true;
    let unknown = false;
    for (const owner of owners) {
      // at GitLab a name may also be that of a group
      const sure = owner.kind === 'user' && forge.kind !== 'gitlab';
      const answer = sure ? false : await one(owner, account);
      if (answer === true) return true;
      unknown ||= answer === 'unknown';
    }
    return unknown ? 'unknown' : false;
  };
}

/** Whether an account is the one that CODEOWNERS names, or another one of that person. */
function isPerson(name: string, account: Account, personOf: PersonOf): boolean {
  return (
    sameLogin(name, account.login) || personOf({ id: '', login: name, bot: false }) === personOf(account)
  );
}
