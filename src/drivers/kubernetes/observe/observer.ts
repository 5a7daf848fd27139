import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kind } from '../../../cluster/kind.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import type { Comparison, Finding } from '../../../findings/finding.ts';
import type { Observation } from '../../driver.ts';
import type { Judge } from '../compare/judge.ts';
import type { Judgement } from '../compare/judgement.ts';
import { sortedNow } from '../compare/kinds.ts';
import type { Knowledge } from '../compare/local.ts';
import { problemFinding } from '../compare/problems.ts';
import { blind, comparisonOf } from '../compare/unit.ts';
import { isFailure, readOne } from '../live/read.ts';
import { placeOf, type Scope, scopesOf } from '../live/scopes.ts';
import { ChildrenWatch } from './children-watch.ts';
import { Emitter } from './emitter.ts';
import { type Entry, entryKey, entryOf } from './entry.ts';
import { Examiner } from './examiner.ts';
import { ScopeWatch } from './scope-watch.ts';

export interface ObserverOptions {
  now: () => number;
  /** How often what could not be told is tried again, in milliseconds. */
  retryMs?: number;
  /** How often what rests on other objects is judged anew though it has not changed itself, in milliseconds. */
  restingMs?: number;
}

/** A unit under watch: its declared objects with their verdicts, kept true by watches of exactly their kinds. */
export class UnitObserver implements Observation {
  readonly #cluster: Cluster;
  readonly #judge: Judge;
  readonly #listener: (comparison: Comparison) => void;
  readonly #options: ObserverOptions;
  readonly #closing = new AbortController();
  readonly #examiner: Examiner;
  readonly #emitter: Emitter;
  readonly #stopListening: () => void;
  readonly #retry: NodeJS.Timeout;
  readonly #watches = new Map<string, ScopeWatch>();
  readonly #children: ChildrenWatch;
  #entries = new Map<string, Entry>();
  #unserved: Finding[] = [];
  #unit: DeclaredUnit;
  #declaration: Declaration;
  #arranging: Promise<void> = Promise.resolve();
  /** Arrangements that were asked for and are not done. */
  #pending = 0;
  #told: string | undefined;
  #arrangeFailure: Failure | undefined;
  /** When what rests on other objects was judged anew last. */
  #restedAt: number;
  /** When what is to be told next began. */
  #since: number | undefined;

  constructor(
    cluster: Cluster,
    judge: Judge,
    unit: DeclaredUnit,
    declaration: Declaration,
    listener: (comparison: Comparison) => void,
    options: ObserverOptions,
  ) {
    this.#cluster = cluster;
    this.#judge = judge;
    this.#listener = listener;
    this.#options = options;
    this.#unit = unit;
    this.#declaration = declaration;
    this.#since = options.now();
    this.#restedAt = options.now();
    this.#emitter = new Emitter(() => this.#emit());
    this.#examiner = new Examiner(judge, (_entry, changed) => this.#settled(changed), this.#closing.signal);
    const childrenChanged = () => this.#settled(true);
    this.#children = new ChildrenWatch(cluster, judge.schemas, childrenChanged, this.#closing.signal);
    this.#stopListening = judge.schemas.onChange(changed => this.#schemasChanged(changed));
    this.#retry = setInterval(() => this.#tryAgain(), options.retryMs ?? 15_000);
    this.#arrange();
  }

  declare(unit: DeclaredUnit, declaration: Declaration): void {
    this.#unit = unit;
    this.#declaration = declaration;
    this.#since = this.#options.now();
    // also the same story is another one under another declaration
    this.#told = undefined;
    this.#arrange();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#retry);
    this.#stopListening();
    this.#emitter.close();
    for (const watch of this.#watches.values()) watch.close();
    await this.#arranging;
    this.#children.close();
  }

  /** Brings entries and watches in line with what is declared and served now; one after the other. */
  #arrange(): void {
    this.#pending += 1;
    this.#arranging = this.#arranging.then(async () => {
      try {
        if (!this.#closing.signal.aborted) await this.#arrangeNow();
        this.#arrangeFailure = undefined;
      } catch (error) {
        this.#arrangeFailure = toFailure(error, 'HF1307');
        setTimeout(() => this.#closing.signal.aborted || this.#arrange(), 1_000);
      } finally {
        this.#pending -= 1;
        this.#emitter.ask();
      }
    });
  }

  async #arrangeNow(): Promise<void> {
    if (this.#judge.schemas.isEmpty) await this.#judge.schemas.refresh(this.#closing.signal);
    const sorted = await sortedNow(this.#cluster, this.#unit, this.#declaration);
    const before = this.#entries;
    this.#unserved = sorted.findings;
    this.#entries = new Map(
      sorted.subjects.map(subject => {
        const known = before.get(entryKey(subject.target));
        return [
          entryKey(subject.target),
          known?.subject.declaresAs(subject) ? moved(known, subject) : entryOf(subject),
        ];
      }),
    );
    await this.#children.cover(sorted.subjects);
    const scopes = new Map(scopesOf(sorted.subjects).map(scope => [scopeKey(scope), scope]));
    for (const [key, watch] of this.#watches) {
      if (scopes.has(key)) continue;
      watch.close();
      this.#watches.delete(key);
    }
    for (const [key, scope] of scopes) {
      const knowledge = await this.#judge.knowledge(scope.kind);
      const watch = this.#watches.get(key);
      if (watch === undefined) {
        this.#watches.set(key, this.#watch(scope, knowledge));
        continue;
      }
      const outdated = watch.knowledge.schemaHash !== knowledge.schemaHash;
      // covered before it is read, so that no change in between is lost, and nothing is read with what was known before
      watch.cover(scope, knowledge);
      if (outdated || (await this.#unseen(scope, knowledge))) watch.relist();
    }
  }

  #watch(scope: Scope<{ target: Entry['subject']['target'] }>, knowledge: Knowledge): ScopeWatch {
    return new ScopeWatch(this.#cluster, scope, knowledge, {
      onLive: (name, live, known) => {
        const entry = this.#entries.get(keyIn(scope.kind, name));
        if (entry === undefined) return;
        entry.heard += 1;
        this.#children.live(entry.subject.target, live);
        this.#examiner.see(entry, live, known);
      },
      onState: () => this.#emitter.ask(),
    });
  }

  /** New entries under a watch that stands: a few are read one by one; true says that so many are new that a list is due. */
  async #unseen(
    scope: Scope<{ target: Entry['subject']['target'] }>,
    knowledge: Knowledge,
  ): Promise<boolean> {
    const fresh = [...scope.wanted.values()].flatMap(({ target }) => {
      const entry = this.#entries.get(entryKey(target));
      return entry !== undefined && entry.judgedHash === undefined && entry.judging === undefined
        ? [entry]
        : [];
    });
    if (fresh.length > 50) return true;
    await Promise.all(fresh.map(entry => this.#read(entry, knowledge)));
    return false;
  }

  /** What the watch tells meanwhile counts: the answer may be older. */
  async #read(entry: Entry, knowledge: Knowledge): Promise<void> {
    const { heard } = entry;
    const reading = await readOne(this.#cluster, entry.subject.target, this.#closing.signal);
    if (entry.heard !== heard) return;
    if (isFailure(reading)) this.#examiner.fail(entry, reading);
    else {
      this.#children.live(entry.subject.target, reading);
      this.#examiner.see(entry, reading, knowledge);
    }
  }

  #schemasChanged(changed: ReadonlySet<string>): void {
    const concerned = [...this.#entries.values()].filter(({ subject }) =>
      changed.has(subject.target.kind.apiVersion),
    );
    if (concerned.length === 0 && this.#unserved.length === 0) return;
    for (const entry of concerned) entry.judgedHash = undefined;
    this.#arrange();
  }

  /** What the server could not tell, or would refuse, may be otherwise by now, though no object changed. */
  #tryAgain(): void {
    if (this.#unserved.length > 0) this.#arrange();
    // an ignore rule runs out by time alone
    if (this.#declaration.settings.ignore.some(({ until }) => until !== undefined)) this.#emitter.ask();
    const now = this.#options.now();
    const rested = now - this.#restedAt >= (this.#options.restingMs ?? 300_000);
    if (rested) this.#restedAt = now;
    for (const entry of this.#entries.values()) {
      const { finding, rests } = entry.judgement ?? {};
      const again =
        finding?.type === 'unknown' ||
        finding?.type === 'invalid' ||
        finding?.message !== undefined ||
        (rested && rests === true);
      if (!again || entry.judging !== undefined) continue;
      entry.judgedHash = undefined;
      const watch = this.#watches.get(this.#scopeKeyOf(entry));
      if (watch !== undefined) void this.#read(entry, watch.knowledge).catch(() => undefined);
    }
  }

  #scopeKeyOf(entry: Entry): string {
    const { kind, namespace } = entry.subject.target;
    const whole = scopeKey({ kind, namespace: undefined });
    return this.#watches.has(whole) ? whole : scopeKey({ kind, namespace });
  }

  #settled(changed: boolean): void {
    if (changed) this.#since ??= this.#options.now();
    if (changed || this.#examiner.idle) this.#emitter.ask();
  }

  #emit(): void {
    if (this.#closing.signal.aborted) return;
    const outage = this.#arrangeFailure ?? firstOf(this.#watches, watch => watch.outage);
    const now = this.#options.now();
    if (outage !== undefined) {
      this.#tell(blind(this.#unit, outage, now - (this.#since ?? now)));
      return;
    }
    const ready = this.#pending === 0 && [...this.#watches.values()].every(watch => watch.settled);
    const judged = this.#judgements();
    if (!ready || !this.#children.ready || judged === undefined) return;
    this.#tell(comparisonOf(this.#unit, this.#declaration, judged, this.#since ?? now, now));
  }

  /** All that is known now, or undefined while an entry was never judged. */
  #judgements(): Judgement[] | undefined {
    const judged: Judgement[] = this.#unserved.map(finding => ({ finding, exempt: [] }));
    for (const entry of this.#entries.values()) {
      const failure = this.#watches.get(this.#scopeKeyOf(entry))?.failureFor(placeOf(entry.subject.target));
      if (failure !== undefined) {
        judged.push({ finding: problemFinding(entry.subject, { type: 'unknown', failure }), exempt: [] });
      } else if (entry.judgement === undefined) return undefined;
      else judged.push(this.#children.include(entry.subject, entry.judgement));
    }
    return judged;
  }

  /** The same story is not told twice. */
  #tell(comparison: Comparison): void {
    const { elapsedMs: _elapsed, ...story } = comparison;
    const text = JSON.stringify(story);
    this.#since = undefined;
    if (text === this.#told) return;
    this.#told = text;
    this.#listener(comparison);
  }
}

/** The same declaration at another place in the files. */
function moved(entry: Entry, subject: Entry['subject']): Entry {
  entry.subject = subject;
  if (entry.judgement?.finding !== undefined) {
    const finding = { ...entry.judgement.finding, source: subject.source };
    entry.judgement = { ...entry.judgement, finding };
  }
  return entry;
}

function scopeKey(scope: { kind: Kind; namespace: string | undefined }): string {
  return `${scope.kind.apiVersion} ${scope.kind.kind} ${scope.namespace ?? ''}`;
}

function keyIn(kind: Kind, name: string): string {
  return `${kind.apiVersion} ${kind.kind} ${name}`;
}

function firstOf<K, V, R>(map: ReadonlyMap<K, V>, value: (each: V) => R | undefined): R | undefined {
  for (const each of map.values()) {
    const found = value(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
