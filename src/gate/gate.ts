import { Failure, toFailure } from '../failure/failure.ts';
import type { Forge } from '../forge/forge.ts';
import type { Repository } from '../git/repository.ts';
import type { Authorization, Evidence, Policy } from './authorization.ts';
import { collectEvidence } from './collect.ts';
import { withoutSecrets } from './gaps.ts';
import { judge } from './judge.ts';

export interface GateParts {
  repository: Repository;
  forge: Forge;
  branch: string;
  graceMs?: number;
  /** See Collection. */
  pinned?: () => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** A verdict with the evidence that it was made from; null where not even the range could be read. */
export interface Decision {
  authorization: Authorization;
  evidence: Evidence | null;
}

export interface Gate {
  /**
   * Never throws: what cannot be learned makes the verdict unknown. `seenForMs` is how long ago `to` was first seen as the
   * branch's tip; absent means long ago.
   */
  decide(from: string, to: string, policy: Policy, seenForMs?: number): Promise<Decision>;
  /** Asks the forge the least that it can be asked. Throws HF14xx when it does not answer. */
  reach(): Promise<void>;
}

/** Tips of this many past decisions are remembered. */
const remembered = 1_000;

/** Collects and judges, and remembers which revisions it was asked about, as each of them was a tip once. */
export function createGate(parts: GateParts): Gate {
  const { now = Date.now } = parts;
  const tips = new Map<string, number>();

  async function decide(from: string, to: string, policy: Policy, seenForMs?: number): Promise<Decision> {
    if (!tips.has(to)) tips.set(to, now() - (seenForMs ?? 0));
    for (const oldest of [...tips.keys()].slice(0, Math.max(tips.size - remembered, 0))) tips.delete(oldest);
    const seenAsTip = (sha: string): number | undefined => {
      const since = tips.get(sha);
      return since === undefined ? undefined : now() - since;
    };
    try {
      const age = seenForMs === undefined ? {} : { seenForMs };
      const evidence = await collectEvidence({ ...parts, from, to, policy, seenAsTip, ...age });
      return { authorization: judge(evidence), evidence };
    } catch (error) {
      return { authorization: unreadable(from, to, error, parts.forge.secrets), evidence: null };
    }
  }

  async function reach(): Promise<void> {
    try {
      await parts.forge.repositoryId();
    } catch (error) {
      const { code, message } = toFailure(error, 'HF1401');
      throw new Failure(code, withoutSecrets(message, parts.forge.secrets));
    }
  }

  return { decide, reach };
}

function unreadable(from: string, to: string, thrown: unknown, secrets: readonly string[]): Authorization {
  const { code, message: raw } = toFailure(thrown, 'HF1207');
  const message = withoutSecrets(raw, secrets);
  const reasons = [{ code, message, commits: [to] }];
  return { verdict: 'unknown', from, revision: to, reasons, upTo: from, retryAfterMs: 5_000 };
}
