import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../conformance/corpora/mutations/random.ts';
import { wrongs } from './judge.ts';
import { schedule } from './kinds.ts';
import { bystanders, driftName, type Pools } from './pools.ts';
import {
  driftStory,
  handOf,
  mergeStory,
  newLedger,
  persistently,
  pushStory,
  watchForForeign,
} from './stories.ts';
import { openWorld, ownDisks } from './world.ts';

/**
 * Two daemons beside each other for MINUTES (60; SHORT=1: 4), while people edit by hand, merge and push past the gate, and while
 * everything around the daemons breaks, one thing after the other. In the end every drift was told once, every authorized change
 * is live, and nothing else. FAULTS_SEED repeats the order of a run.
 */
const short = process.env['SHORT'] === '1';
const minutes = Number(process.env['MINUTES'] ?? (short ? 4 : 60));
const seed = process.env['FAULTS_SEED'] ?? String(Date.now() % 1_000_000);
const patienceMs = 240_000;
const next = randomOf(seed);
const pick = (from: number, to: number) => from + next() * (to - from);
const pools: Pools = { drifts: Math.ceil(minutes * 5) + 10, merges: 16 };

process.stdout.write(`seed ${seed}, ${minutes} minutes\n`);
const world = await openWorld(pools);
if (!ownDisks) process.stdout.write('cannot mount file systems here: no disk runs full\n');
const ledger = newLedger();
const counts = new Map<string, number>();
const hand = await handOf(world);
const over = new AbortController();
const gaveUp = new AbortController();
let failed = true;
try {
  for (const { child } of world.replicas) child.start();
  await untilFirst();
  for (const name of bystanders) await hand.create(name, 'untouched');
  const watching = watchForForeign(hand, ledger, over.signal);
  const end = Date.now() + minutes * 60_000;
  await Promise.all([people(end), edits(end), breaking(end)]);
  const wrong = await settled();
  over.abort();
  await watching;
  print(wrong);
  failed = wrong.length > 0;
  if (failed) keepLogs();
} finally {
  over.abort();
  gaveUp.abort();
  hand.close();
  await world.close();
}
process.exitCode = failed ? 1 : 0;

function keepLogs(): void {
  for (const [index, { child }] of world.replicas.entries()) {
    const file = join(tmpdir(), `holdfast-faults-${seed}-${index + 1}.log`);
    writeFileSync(file, child.log());
    process.stdout.write(`what replica ${index + 1} logged: ${file}\n`);
  }
}

/** Until the trust root is live. */
async function untilFirst(): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(300)) {
    const live = await hand.list().catch(() => []);
    if (live.length >= pools.drifts + pools.merges) return;
    if (Date.now() > deadline)
      throw new Error(`nothing is applied: ${world.replicas[0]?.child.log().slice(-3_000)}`);
  }
}

/** Merges, and now and then a push past the gate; Gitea itself stays up, so one after the other. */
async function people(end: number): Promise<void> {
  for (let number = 1; Date.now() < end; number += 1) {
    const story = number % 4 === 0 ? pushStory : mergeStory;
    await story(world, number, pools.merges, ledger);
    await sleep(pick(6_000, 14_000));
  }
}

/** Hand edits, few enough in a minute that each is a message of its own; a story goes on beside the next ones. */
async function edits(end: number): Promise<void> {
  const stories: Promise<void>[] = [];
  for (let index = 0; Date.now() < end && index < pools.drifts; index += 1) {
    stories.push(driftStory(world, hand, index, ledger, gaveUp.signal));
    await sleep(pick(12_000, 16_000));
  }
  const enough = sleep(patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([Promise.all(stories), enough]);
  gaveUp.abort();
}

async function breaking(end: number): Promise<void> {
  for (const fault of schedule(next)) {
    if (Date.now() >= end - 5_000) return;
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${fault.name}\n`);
    await fault.run(world, ledger, pick);
    await sleep(pick(3_000, 7_000));
  }
}

/** What is wrong when nothing breaks any more and nothing changes any more. */
async function settled(): Promise<string[]> {
  // an edit that was put right may have been undone with the store
  for (const { name } of ledger.drifts)
    await persistently(() => hand.set(name, 'declared'), AbortSignal.timeout(30_000));
  for (const deadline = Date.now() + patienceMs; ; await sleep(2_000)) {
    const wrong = await wrongs(world, hand, ledger);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
  }
}

function print(wrong: readonly string[]): void {
  const took = ledger.drifts.flatMap(({ editedAt, toldAt }) =>
    toldAt === undefined ? [] : [toldAt - editedAt],
  );
  const sorted = took.toSorted((a, b) => a - b);
  const at = (part: number) => ((sorted[Math.floor(part * (sorted.length - 1))] ?? 0) / 1000).toFixed(1);
  const lines = [
    '',
    'what broke',
    ...[...counts].map(([name, count]) => `  ${String(count).padStart(4)}  ${name}`),
    'what people did',
    `  ${String(ledger.drifts.length).padStart(4)}  hand edits (${driftName(0)} …), told after ${at(0.5)} s (median), ${at(1)} s (most)`,
    `  ${String(ledger.merges.length).padStart(4)}  merges`,
    `  ${String(ledger.pushes.length).padStart(4)}  pushes past the gate`,
    wrong.length === 0
      ? 'every drift was told once and as over, all that was merged is live, and nothing else'
      : `WRONG (FAULTS_SEED=${seed})\n${wrong.map(one => `  ${one}`).join('\n')}`,
    '',
  ];
  process.stdout.write(lines.join('\n'));
}
