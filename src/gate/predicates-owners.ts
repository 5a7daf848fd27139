import type { Answer, Predicate } from './answer.ts';
import { standingVotes } from './approvals.ts';
import type { Candidate, OwnersDemand, OwnersEvidence, Policy } from './authorization.ts';
import { persons } from './persons.ts';

/** Who owns a changed file has approved it, as CODEOWNERS of the last authorized revision says. */
export const ownersApproved: Predicate = (candidate, { policy }) => {
  const answer = (holds: Answer['holds'], message: string): Answer => ({
    code: 'codeowners',
    holds,
    message,
  });
  if (!policy.codeOwners) return answer(true, 'the policy asks for no code owners');
  const { owners } = candidate;
  if (owners === undefined || owners === null) {
    const content = candidate.runs.some(run => run.content === 'same');
    return content || owners === null
      ? answer('unknown', 'what CODEOWNERS asks could not be read')
      : answer(true, 'what was merged is not what was reviewed, so no owner is asked');
  }
  const broken = brokenText(owners);
  if (broken !== undefined) return answer(false, broken);
  if (owners.file === null) return answer(true, 'the last authorized revision has no CODEOWNERS');
  const open = owners.demands.map(demand => ({ demand, met: isMet(demand, candidate, policy) }));
  const failed = open.filter(({ met }) => met === false);
  const [worst] = failed;
  if (worst !== undefined) return answer(false, openText(owners.file, worst.demand, failed.length - 1));
  const unclear = open.find(({ met }) => met === 'unknown');
  if (unclear !== undefined) {
    return answer('unknown', `whether an owner approved ${unclear.demand.path} is not known`);
  }
  const count = owners.demands.length;
  return answer(
    true,
    count === 0 ? 'no changed file has an owner' : `the owners by ${owners.file} approved (${count} entries)`,
  );
};

/** A broken file asks nobody, so nothing passes but what repairs it; and nothing passes that breaks it. */
function brokenText({ errors, mergedErrors, onlyOwners }: OwnersEvidence): string | undefined {
  if (mergedErrors.length > 0) return `it would leave CODEOWNERS broken: ${mergedErrors.join('; ')}`;
  if (errors.length === 0 || onlyOwners) return undefined;
  return `CODEOWNERS is broken, so that it asks nobody, and this does not repair it alone: ${errors.join('; ')}`;
}

function isMet(demand: OwnersDemand, candidate: Candidate, policy: Policy): boolean | 'unknown' {
  const personOf = persons(policy.aliases);
  const who = (ids: readonly string[]) =>
    new Set(
      candidate.pull.reviews.flatMap(({ reviewer }) =>
        reviewer !== null && ids.includes(reviewer.id) ? [personOf(reviewer)] : [],
      ),
    );
  const [members, unknown] = [who(demand.members), who(demand.unknown)];
  const cast = standingVotes(candidate, policy).filter(({ counts }) => counts !== false);
  const sure = cast.filter(({ person, counts }) => counts === true && members.has(person ?? ''));
  const perhaps = cast.filter(({ person }) => members.has(person ?? '') || unknown.has(person ?? ''));
  if (sure.length >= demand.approvals) return true;
  return perhaps.length >= demand.approvals ? 'unknown' : false;
}

function openText(
  file: string,
  { line, section, owners, approvals, path, files }: OwnersDemand,
  more: number,
): string {
  const place = section === undefined ? `${file}:${line}` : `${file}:${line}, section ${section}`;
  const which = files === 1 ? path : `${path} and ${files - 1} more files`;
  const count = approvals === 1 ? 'an approval' : `${approvals} approvals`;
  const others = more === 0 ? '' : `; ${more} more entries are open`;
  return `${which} needs ${count} of ${owners.join(' or ')} (${place})${others}`;
}
