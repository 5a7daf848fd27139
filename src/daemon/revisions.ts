import type { Declaration } from '../declared/declaration.ts';
import { mayPass, needsLastGood, withLastGood } from '../declared/last-good.ts';
import type { Settings } from '../declared/settings.ts';
import { isFailureCode } from '../failure/codes.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import type { Origin } from '../findings/finding.ts';
import { type Authorization, applicable, type Policy, type Reason } from '../gate/authorization.ts';
import type { Repository } from '../git/repository.ts';
import { isBehind } from './behind.ts';
import { newestReadable } from './newest-readable.ts';

/** The ledger of verdicts: only the converger may append; an observer's appends nothing. */
export interface Ledger {
  /** The authorized revisions, newest first; the last one is the trust root. */
  chain(): Promise<string[]>;
  append(authorization: Authorization): Promise<void>;
}

export interface Judging {
  ledger: Ledger;
  /** Never throws; `seenForMs` is how long ago the revision was first seen as the tip: a forge's answers may lag behind a merge. */
  judge(from: string, to: string, policy: Policy, seenForMs?: number): Promise<Authorization>;
  /** Throws why the forge does not answer. */
  reach(): Promise<void>;
}

export interface RevisionParts {
  repository: Repository;
  /** Absent without a forge: the tip is followed, and nothing is ever applied. */
  gate: Judging | undefined;
  declare(revision: string): Promise<Declaration>;
  /** The settings of a revision, also where it does not know the environment. Throws HF1104. */
  settings(revision: string): Promise<Settings>;
  /** Milliseconds of a clock that is never set back. */
  now(): number;
}

export interface Problem {
  origin: Origin;
  failure: Failure;
}

/** The revisions as they stand: what is declared, what the branch's tip adds, and what cannot be told at present. */
export interface Revisions {
  /** What the last authorized revision declares; null until the first one could be read. */
  declaration: Declaration | null;
  authorized: string | null;
  tip: string | null;
  tipState: 'authorized' | 'pending' | 'refused';
  denial: Extract<Authorization, { verdict: 'denied' }> | null;
  problems: Problem[];
  /** Whether the forge answered when it was last asked; false until it was. */
  forgeAnswers: boolean;
  /** Milliseconds after which it is worth looking again although nothing was pushed. */
  retryMs?: number;
}

/** A refused tip is judged again after this time: an approval may come late, or the forge's answers may have lagged. */
const REJUDGE_MS = 30_000;
/** What could not be rendered for want of time, memory or a program is tried again after this time. */
const REDECLARE_MS = 60_000;
/** How many authorized revisions are looked through for the last good declaration of a unit. */
const mostTried = 5;

/**
 * Follows the branch and decides, with the gate, which revision is the declared one. Each `step` looks once; nothing that
 * fails in it loses what was known before.
 */
export class RevisionKeeper {
  readonly #parts: RevisionParts;
  #state: Revisions = {
    declaration: null,
    authorized: null,
    tip: null,
    tipState: 'pending',
    denial: null,
    problems: [],
    forgeAnswers: false,
  };
  #tipSeenAt = 0;
  #judgedAt: number | undefined;
  /** The last revision that was tried to be declared, so that a bad one is not read again and again. */
  #declaredFrom: string | null = null;
  #declarationProblem: Problem | undefined;
  /** What the last authorized revision asks of the next; undefined until it could be read. */
  #policy: Policy | undefined;
  /** When the same revision is worth declaring again: something in it could not be rendered, which may pass. */
  #declareAgainAt: number | undefined;
  #chain: string[] = [];
  /** Whether another process may have written verdicts down since the ledger was read. */
  #isStale = false;

  constructor(parts: RevisionParts) {
    this.#parts = parts;
  }

  get state(): Revisions {
    return this.#state;
  }

  /** Reads the ledger anew with the next step: another process may have led since. */
  reread(): void {
    this.#isStale = true;
  }

  /** Looks at the branch, judges what is new, and reads what is authorized. Never throws. */
  async step(): Promise<Revisions> {
    const { retryMs: _retryMs, ...state } = this.#state;
    const next: Revisions = { ...state, problems: [] };
    const attempt = async (origin: Origin, what: () => Promise<void>): Promise<void> => {
      try {
        await what();
      } catch (error) {
        note(next, { origin: originOf(error, origin), failure: toFailure(error, 'HF1002') });
      }
    };
    await attempt('git', () => this.#look(next));
    await attempt('cluster', () => this.#start(next));
    await attempt('declaration', () => this.#declare(next));
    await attempt('forge', () => this.#judge(next));
    await attempt('forge', () => this.#reach(next));
    await attempt('declaration', () => this.#declare(next));
    if (this.#declarationProblem !== undefined) note(next, this.#declarationProblem);
    this.#state = next;
    return next;
  }

  async #look(next: Revisions): Promise<void> {
    const tip = await this.#parts.repository.fetch();
    if (tip === next.tip) return;
    next.tip = tip;
    this.#tipSeenAt = this.#parts.now();
    this.#judgedAt = undefined;
  }

  async #start(next: Revisions): Promise<void> {
    if (this.#parts.gate === undefined) {
      next.authorized = next.tip;
      next.tipState = 'authorized';
    } else {
      if (next.authorized !== null && !this.#isStale) return;
      // not after the answer: what is said to be stale meanwhile stays so
      this.#isStale = false;
      try {
        await this.#readLedger(next, this.#parts.gate.ledger);
      } catch (error) {
        this.#isStale = true;
        throw error;
      }
    }
  }

  async #readLedger(next: Revisions, ledger: Ledger): Promise<void> {
    const chain = await ledger.chain();
    if (next.authorized !== null && !(await isBehind(next.authorized, chain, this.#parts.repository))) return;
    this.#chain = chain;
    next.authorized = chain[0] ?? null;
    this.#judgedAt = undefined;
  }

  async #judge(next: Revisions): Promise<void> {
    const { gate, now } = this.#parts;
    if (gate === undefined || next.authorized === null || next.tip === null) return;
    if (next.tip === next.authorized) {
      Object.assign(next, { tipState: 'authorized', denial: null });
      return;
    }
    if (this.#judgedAt !== undefined && now() - this.#judgedAt < REJUDGE_MS) return;
    const from = next.authorized;
    const policy = this.#policyOf(next);
    const verdict = await gate.judge(from, next.tip, policy, now() - this.#tipSeenAt);
    next.forgeAnswers = forgeSaid(verdict) ?? next.forgeAnswers;
    // known before anything is written: people hear of a refusal also when the ledger does not take it
    if (verdict.verdict === 'denied') Object.assign(next, { tipState: 'refused', denial: verdict });
    const part = applicable(verdict);
    if (part !== from)
      await this.#authorize(next, part === next.tip ? verdict : await gate.judge(from, part, policy));
    if (verdict.verdict === 'denied') {
      this.#judgedAt = now();
      await gate.ledger.append(verdict);
    } else if (verdict.verdict === 'unknown') {
      next.retryMs = verdict.retryAfterMs;
      if (next.tipState !== 'refused') next.tipState = 'pending';
      throw undecided(next.tip, verdict.reasons);
    }
  }

  /** While nothing has to be judged the forge is not asked: whether it answers again after an outage, or a start, is tried. */
  async #reach(next: Revisions): Promise<void> {
    const { gate } = this.#parts;
    if (next.forgeAnswers || next.problems.some(({ origin }) => origin === 'forge')) return;
    await gate?.reach();
    next.forgeAnswers = true;
  }

  async #authorize(next: Revisions, verdict: Authorization): Promise<void> {
    if (verdict.verdict !== 'authorized') return;
    await this.#parts.gate?.ledger.append(verdict);
    next.authorized = verdict.revision;
    if (verdict.revision === next.tip) Object.assign(next, { tipState: 'authorized', denial: null });
  }

  /**
   * The policy that the last authorized revision declares, never that of the revision being judged. Where its holdfast.yaml
   * is broken, that of the last good one; where it does not know the environment, its own all the same, as all environments have
   * one policy. While it cannot be read nothing is judged: an older policy may ask for less.
   */
  #policyOf(next: Revisions): Policy {
    if (this.#policy === undefined || next.authorized !== this.#declaredFrom) {
      throw new Failure(
        'HF1502',
        'the last authorized revision could not be read yet, so there is no policy to judge by',
      );
    }
    return this.#policy;
  }

  async #declare(next: Revisions): Promise<void> {
    const again = this.#declareAgainAt !== undefined && this.#parts.now() >= this.#declareAgainAt;
    if (next.authorized === null || (next.authorized === this.#declaredFrom && !again)) return;
    const revision = next.authorized;
    try {
      const declaration = await this.#parts.declare(revision);
      const earlier = needsLastGood(declaration)
        ? (next.declaration ?? (await this.#renderedBefore()))
        : null;
      next.declaration = withLastGood(declaration, earlier);
      this.#policy = declaration.settings.policy;
      this.#declareAgainAt = mayPass(declaration) ? this.#parts.now() + REDECLARE_MS : undefined;
      this.#declarationProblem = undefined;
    } catch (error) {
      const failure = toFailure(error, 'HF1105');
      if (failure.code === 'HF1206' && revision === this.#chain.at(-1)) throw noTrustRoot(revision);
      if (failure.code !== 'HF1104' && failure.code !== 'HF1001') throw failure;
      // of an environment that the revision does not know, an older one may say what was never meant for it
      if (failure.code === 'HF1104')
        next.declaration ??= await newestReadable(this.#chain, this.#parts.declare).catch(ifAllBroken);
      const { settings } = this.#parts;
      if (failure.code === 'HF1001') this.#policy = (await settings(revision)).policy;
      else this.#policy ??= (await newestReadable(this.#chain, settings).catch(ifAllBroken))?.policy;
      this.#declarationProblem = { origin: 'declaration', failure };
    }
    this.#declaredFrom = revision;
  }

  /** After a start: the newest of the authorized revisions before the last whose units could all be rendered. */
  async #renderedBefore(): Promise<Declaration | null> {
    for (const revision of this.#chain.slice(1, 1 + mostTried)) {
      const declaration = await this.#parts.declare(revision).catch(() => null);
      if (declaration !== null && !needsLastGood(declaration)) return declaration;
    }
    return null;
  }
}

/** The first problem of an origin is its cause: what it brings about later in the step is not told beside it. */
function note(next: Revisions, problem: Problem): void {
  if (!next.problems.some(({ origin }) => origin === problem.origin)) next.problems.push(problem);
}

/** Whether the forge answered, as far as a verdict tells; a branch that was moved back is denied without asking it. */
function forgeSaid(verdict: Authorization): boolean | undefined {
  if (verdict.verdict === 'authorized') return true;
  const codes = verdict.reasons.map(({ code }) => code);
  if (verdict.verdict === 'denied') return codes.every(code => code !== 'rewind') || undefined;
  return codes.some(code => code.startsWith('HF14')) ? false : undefined;
}

/** Has the code of what could not be asked, and so its advice. */
function undecided(tip: string, reasons: readonly Reason[]): Failure {
  const code = reasons.map(reason => reason.code).find(isFailureCode) ?? 'HF1502';
  const words = reasons.map(reason => reason.message).join('; ');
  return new Failure(code, `${tip.slice(0, 7)} cannot be judged yet: ${words}`);
}

/** No revision can be read yet, and why is told already. */
function ifAllBroken(error: unknown): null {
  if (error instanceof Failure && error.code === 'HF1104') return null;
  throw error;
}

function noTrustRoot(revision: string): Failure {
  const subject = `HOLDFAST_TRUST_ROOT ${revision}`;
  return new Failure('HF1206', 'the repository does not have the trust root', { where: { subject } });
}

/** Codes name the part that failed, whichever step met it. */
function originOf(error: unknown, fallback: Origin): Origin {
  if (!(error instanceof Failure)) return fallback;
  const byHundred: Record<string, Origin> = {
    HF11: 'declaration',
    HF12: 'git',
    HF13: 'cluster',
    HF14: 'forge',
    HF15: 'forge',
  };
  return byHundred[error.code.slice(0, 4)] ?? fallback;
}
