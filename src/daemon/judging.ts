import { inSpan, ofRevision } from '../telemetry/spans.ts';
import type { Role } from './configuration.ts';
import type { Metrics } from './metrics.ts';
import type { Judging } from './revisions.ts';
import type { Sources } from './sources.ts';

/** The gate as the loop over revisions asks it: measured, traced, and its verdicts written down by who may. Undefined where there is no forge. */
export function judging({ authority }: Sources, role: Role, metrics: Metrics): Judging | undefined {
  if (authority === undefined) return undefined;
  const { gate, ledger } = authority;
  return {
    judge: async (...asked) => {
      const decide = () => gate.decide(...asked);
      const about = { 'holdfast.from': asked[0], 'holdfast.revision': asked[1] };
      const { authorization } = await inSpan('judge', about, decide, ofRevision(asked[1]));
      metrics.judged(authorization.verdict);
      return authorization;
    },
    reach: () => gate.reach(),
    ledger: {
      chain: () => ledger.chain(),
      // Only the converger writes verdicts down; an observer judges for itself.
      append: role === 'observer' ? async () => undefined : authorization => ledger.append(authorization),
    },
  };
}
