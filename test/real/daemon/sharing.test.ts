import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { type DaemonChild, daemonChild } from '../support/daemon-child.ts';
import { configMap, settingsOf } from '../support/settings.ts';

/** Observers that share the units of one namespace, and kill -9 for whichever compares or tells. */
const units = ['settings', ...Array.from({ length: 9 }, (_, index) => `part-${index}`)].sort();

interface Replica extends DaemonChild {
  url: string;
}

let bench: DaemonBench;
let slack: FakeSlack;
let replicas: Replica[];
const places: Workplace[] = [];

beforeAll(async () => {
  slack = await FakeSlack.start();
  bench = await daemonBench({
    files: app => ({
      ...settingsOf(app),
      ...Object.fromEntries(
        units
          .filter(unit => unit !== 'settings')
          .map(unit => [`manifests/${unit}/map.yaml`, configMap(app, unit, { value: 'declared' })]),
      ),
    }),
    env: {
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: slack.url,
      HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
    },
  });
  replicas = [bench, await replica('second'), await replica('third')];
  bench.start();
  for (const unit of units) await bench.synced(unit, bench.trustRoot);
  await bench.ready();
});
afterAll(async () => {
  await Promise.all((replicas ?? []).map(one => one.stop()));
  for (const place of places) await place.close();
  await bench?.close();
  await slack?.close();
});

async function replica(name: string): Promise<Replica> {
  const place = openWorkplace(name);
  places.push(place);
  mkdirSync(place.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  const env = () => ({ ...bench.env, HOLDFAST_DATA: place.path('data'), HOLDFAST_LISTEN: listen });
  return { ...daemonChild(place, env), url: `http://${listen}` };
}

/** The units that a process compares by now, as its metrics say; none where it does not run. */
async function comparedBy({ url }: Replica): Promise<string[]> {
  const text = await fetch(`${url}/metrics`).then(
    answer => answer.text(),
    () => '',
  );
  return [...text.matchAll(/^holdfast_unit_findings\{unit="([^"]+)"\}/gm)]
    .map(([, unit]) => unit ?? '')
    .sort();
}

/** Waits until each unit is compared by exactly one of these, and every one of them has some. */
async function shared(among: readonly Replica[]): Promise<string[][]> {
  return bench.until(`all units to be shared among ${among.length}`, async () => {
    const shares = await Promise.all(among.map(comparedBy));
    const all = shares.flat().sort();
    return JSON.stringify(all) === JSON.stringify(units) && shares.every(share => share.length > 0) && shares;
  });
}

const edit = (unit: string, value: string) =>
  bench.kubectl('patch', 'configmap', unit, '-n', bench.app, '-p', JSON.stringify({ data: { value } }));
const messagesOf = (unit: string) =>
  slack.messages.filter(({ text, blocks }) => JSON.stringify([text, blocks]).includes(unit));
const isOver = (unit: string) => messagesOf(unit).every(({ text }) => /resolved/i.test(text));

async function leader(): Promise<Replica> {
  const lease = ['get', 'lease', 'holdfast-observer', '-n', bench.namespace];
  const holder = await bench.kubectl(...lease, '-o', 'jsonpath={.spec.holderIdentity}');
  const found = replicas.find(one => one.log().includes(`${holder} holds the lease holdfast-observer"`));
  if (found === undefined) throw new Error(`nobody said that ${holder} holds the lease`);
  return found;
}

/** A unit that this replica compares, and that no test has edited. */
const edited = new Set(['settings']);
async function unitOf(one: Replica): Promise<string> {
  const unit = (await comparedBy(one)).find(name => !edited.has(name));
  if (unit === undefined) throw new Error('it compares no unit that was left alone');
  edited.add(unit);
  return unit;
}

describe('observers of one namespace', () => {
  it('share its units: each is compared by exactly one', async () => {
    replicas[1]?.start();
    const two = await shared(replicas.slice(0, 2));
    expect(Math.max(...two.map(({ length }) => length))).toBeLessThanOrEqual(7);
  });

  it('tell once of a hand edit in a unit of the one that does not tell, and of its end', async () => {
    const telling = await leader();
    const other = replicas.slice(0, 2).find(one => one !== telling);
    if (other === undefined) throw new Error('there is no other');
    const unit = await unitOf(other);
    const began = performance.now();
    await edit(unit, 'by-hand');
    await bench.until(`a message about ${unit}`, () => messagesOf(unit).length === 1);
    process.stdout.write(
      `told by another process ${(performance.now() - began).toFixed(0)} ms after kubectl began\n`,
    );
    await edit(unit, 'declared');
    await bench.until('it to be told as over', () => isOver(unit));
    expect(messagesOf(unit)).toHaveLength(1);
  });

  it('take over the units of one that was killed, and tell of what was edited meanwhile', async () => {
    const telling = await leader();
    const other = replicas.slice(0, 2).find(one => one !== telling);
    if (other === undefined) throw new Error('there is no other');
    const unit = await unitOf(other);
    await other.kill();
    const began = performance.now();
    await edit(unit, 'by-hand');
    await bench.until(`a message about ${unit}`, () => messagesOf(unit).length === 1);
    const tookMs = performance.now() - began;
    process.stdout.write(
      `told ${(tookMs / 1000).toFixed(1)} s after its observer was killed; a seat counts 6 s\n`,
    );
    await shared([telling]);
    await edit(unit, 'declared');
    await bench.until('it to be told as over', () => isOver(unit));
    expect(messagesOf(unit)).toHaveLength(1);
    expect(tookMs).toBeLessThan(15_000);
    other.start();
    await shared(replicas.slice(0, 2));
  });

  it('go on where the one that told was killed, and tell nothing twice when a third comes', async () => {
    const telling = await leader();
    const [mine, theirs] = [
      await unitOf(telling),
      await unitOf(replicas.slice(0, 2).find(one => one !== telling) ?? telling),
    ];
    await edit(mine, 'by-hand');
    await edit(theirs, 'by-hand');
    await bench.until('both messages', () => messagesOf(mine).length + messagesOf(theirs).length === 2);
    const reports = () => bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json');
    await bench.until(
      'both to be remembered',
      async () => ((await reports()).match(/"slack\/C0ALERTS"/g)?.length ?? 0) >= 2,
    );
    await telling.kill();
    replicas[2]?.start();
    const living = replicas.filter(one => one !== telling);
    await shared(living);
    await bench.until('another to tell', async () => (await leader()) !== telling);
    telling.start();
    await shared(replicas);
    // nothing was resolved, and nothing is told again, while shares moved three times
    expect([mine, theirs].map(unit => messagesOf(unit).map(({ text }) => /resolved/i.test(text)))).toEqual([
      [false],
      [false],
    ]);
    await edit(mine, 'declared');
    await edit(theirs, 'declared');
    await bench.until('both to be told as over', () => isOver(mine) && isOver(theirs));
    expect([messagesOf(mine).length, messagesOf(theirs).length]).toEqual([1, 1]);
  });

  it('hand over what they see of every unit that the one that tells does not compare', async () => {
    const list = ['get', 'sightings', '-n', bench.namespace];
    const ours = await comparedBy(await leader());
    const told = async () =>
      (await bench.kubectl(...list, '-o', 'jsonpath={range .items[*]}{.spec.unit}{"\\n"}{end}'))
        .trim()
        .split('\n');
    const theirs = units.filter(unit => !ours.includes(unit));
    await bench.until('what they saw', async () => {
      const seen = await told();
      return theirs.length > 0 && theirs.every(unit => seen.includes(unit));
    });
  });

  it('put right by a merge what any of them compares, without an alert on the way', async () => {
    const before = slack.messages.length;
    const revision = await bench.land(
      Object.fromEntries(
        units
          .filter(unit => unit !== 'settings')
          .map(unit => [`manifests/${unit}/map.yaml`, configMap(bench.app, unit, { value: 'merged' })]),
      ),
    );
    for (const unit of units.filter(one => one !== 'settings')) await bench.synced(unit, revision);
    const quiet = 'a drift of the units to be told again as over';
    await edit('part-0', 'by-hand');
    await bench.until('a message about part-0', () =>
      messagesOf('part-0').some(({ text }) => !/resolved/i.test(text)),
    );
    await edit('part-0', 'merged');
    await bench.until(quiet, () => isOver('part-0'));
    const about = slack.messages
      .slice(before)
      .filter(({ text, blocks }) => !JSON.stringify([text, blocks]).includes('part-0'));
    expect(about.filter(({ text }) => /drift/i.test(text))).toEqual([]);
  });
});
