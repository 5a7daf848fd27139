import { beforeEach, describe, expect, it } from 'vitest';
import { blockIdOf } from '../../src/alerts/slack/buttons.ts';
import type { Asked } from '../../src/alerts/slack/inbound/payload.ts';
import type { Sync } from '../../src/converge/sync.ts';
import { Failure } from '../../src/failure/failure.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import type { Line } from '../../src/incidents/say.ts';
import { Requests } from '../../src/requests/requests.ts';
import type { World } from '../../src/requests/world.ts';
import { FakeAuditRecords } from '../fakes/audit/audit-records.ts';
import { FakeFreezes } from '../fakes/freezes/freezes.ts';
import { MemoryStore } from '../fakes/incidents/parts.ts';
import { FakeSyncs } from '../fakes/syncs/syncs.ts';

const revision = 'a'.repeat(40);
let desk: IncidentDesk;
let syncs: FakeSyncs;
let audit: FakeAuditRecords;
let bodies: { url: string; body: Record<string, unknown> }[];
let heard: { kind: string; outcome: string }[];
let posted: string[];
let world: World;
let requests: Requests;

beforeEach(async () => {
  desk = new IncidentDesk({
    outlets: [],
    store: new MemoryStore(),
    telling: () => ({ repository: 'acme/infra', revision, next: '', severity: 'warning' }),
    onFailure: () => undefined,
  });
  desk.start();
  await new Promise(resolve => setImmediate(resolve));
  desk.units(['shop']);
  desk.compared(
    {
      unit: 'shop',
      driver: 'kubernetes',
      verdict: 'drifted',
      resources: { declared: 2, inSync: 1 },
      findings: [
        {
          unit: 'shop',
          type: 'changed',
          resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'x<!here>' },
          changes: [{ path: '/data/a', op: 'changed', declared: '1', live: '<https://evil.example|ok>' }],
        },
      ],
      elapsedMs: 1,
    },
    { revision },
  );
  syncs = new FakeSyncs();
  audit = new FakeAuditRecords();
  [bodies, heard, posted] = [[], [], []];
  world = {
    rules: () => ({
      team: 'T0OURS',
      settings: { channels: ['C0OPS'], users: { U0ALICE: 'alice' } },
      permissionOf: async () => 'write',
    }),
    command: '/sync',
    desk,
    syncs,
    freezes: new FakeFreezes(),
    audit,
    converges: async () => true,
    rollback: async targets => ({
      number: 7,
      url: 'https://forge/7',
      branch: `b-${targets.join()}`,
      already: false,
    }),
    adopt: async () => {
      throw new Failure('HF1456', 'it cannot be written: a patch');
    },
    channel: {
      post: async ({ channel, thread }, lines: readonly Line[]) => {
        posted.push(`${thread ?? channel} ${JSON.stringify(lines)}`);
        return { channel, ts: '1.0' };
      },
    },
    now: () => new Date(),
  };
  requests = open();
});

const open = () =>
  new Requests({
    world,
    send: async (url, body) => void bodies.push({ url, body: body as Record<string, unknown> }),
    onRequest: request => heard.push(request),
    onFailure: () => undefined,
  });

let uses = 0;
const asker = { team: 'T0OURS', channel: 'C0OPS', user: 'U0ALICE', bot: false };
function command(text: string, change: Partial<typeof asker> = {}): Asked {
  const responseUrl = `https://hooks.slack.com/${++uses}`;
  return { kind: 'command', asker: { ...asker, ...change }, command: '/sync', text, responseUrl };
}
function press(action: 'acknowledge' | 'snooze' | 'diff' | 'converge' | 'adopt', value = ''): Asked {
  const key = desk.incidents[0]?.key ?? '';
  return {
    kind: 'button',
    asker,
    action,
    block: blockIdOf(key),
    value,
    responseUrl: 'https://hooks.slack.com/b',
  };
}
const shown = () => JSON.stringify(bodies.map(({ body }) => body['blocks']));
const seen = async (list?: Sync[]) => requests.syncs(list ?? (await syncs.list()));

describe('a request', () => {
  it('is acknowledged before anything is asked, and says then only that it was heard', () => {
    world = {
      ...world,
      rules: () => {
        throw new Error('too early');
      },
    };
    expect(open().take(command('run'))).toEqual({ response_type: 'ephemeral', text: 'checking …' });
  });

  it('that is refused is told to who asked alone, heard, and recorded', async () => {
    requests.take(command('run shop', { user: 'U0EVE' }));
    await requests.idle();
    expect(shown()).toContain('HF1743');
    expect(heard).toMatchObject([{ kind: 'command run', outcome: 'HF1743' }]);
    expect(audit.records.map(({ spec }) => spec)).toMatchObject([
      { action: 'run', outcome: 'refused', by: 'U0EVE', via: 'slack', details: { channel: 'C0OPS' } },
    ]);
    expect(await syncs.list()).toEqual([]);
    expect(posted).toEqual([]);
  });

  it('that is refused over and over pushes nothing out of the records', async () => {
    for (let time = 0; time < 5; time++) {
      for (let each = 0; each < 10; each++) requests.take(command('run', { user: 'U0EVE' }));
      await requests.idle();
    }
    expect(heard).toHaveLength(50);
    expect(audit.records).toHaveLength(30);
  });

  it('beyond what is done at once is told to come again', async () => {
    const answers = Array.from({ length: 25 }, () => requests.take(command('status')));
    expect(JSON.stringify(answers[24])).toContain('try again');
    await requests.idle();
  });

  it('for help is answered to whoever is of our workspace', async () => {
    requests.take(command('help', { user: 'U0EVE', channel: 'C0LUNCH' }));
    requests.take(command('help', { team: 'T0THEIRS' }));
    await requests.idle();
    expect(heard.map(({ outcome }) => outcome).toSorted()).toEqual(['HF1741', 'done']);
  });

  it('shows names and values from outside as what they are', async () => {
    requests.take(command('diff'));
    await requests.idle();
    expect(shown()).not.toContain('<!here>');
    expect(shown()).not.toContain('<https://evil');
    expect(shown()).toContain('&lt;https://evil.example|ok&gt;');
  });

  it('that cannot be done says so with its code, and is recorded', async () => {
    world = { ...world, converges: async () => false };
    requests = open();
    requests.take(command('run shop'));
    requests.take(command('run nowhere'));
    requests.take(press('adopt'));
    await requests.idle();
    expect(heard.map(({ outcome }) => outcome).toSorted()).toEqual(['HF1456', 'HF1604', 'HF1605']);
    expect(
      audit.records.every(({ spec }) => spec.outcome === 'refused' && spec.by === 'U0ALICE (alice)'),
    ).toBe(true);
  });

  it('is done also where its record cannot be written', async () => {
    world = {
      ...world,
      audit: {
        add: async () => {
          throw new Failure('HF1301', 'down');
        },
      },
    };
    requests = open();
    requests.take(command('status'));
    await requests.idle();
    expect(heard).toMatchObject([{ outcome: 'done' }]);
    expect(bodies).toHaveLength(1);
  });
});

it('what waits for a sync keeps nobody else from asking', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `u${index}`);
  desk.units(names);
  for (const unit of names) {
    const resources = { declared: 1, inSync: 0 };
    desk.compared(
      { unit, driver: 'kubernetes', verdict: 'drifted', resources, findings: [], elapsedMs: 1 },
      { revision },
    );
  }
  for (let index = 0; index < 19; index++) requests.take(command(`run u${index}`));
  for (let tries = 0; tries < 500 && posted.length < 19; tries++)
    await new Promise(resolve => setImmediate(resolve));
  for (let index = 19; index < 28; index++) requests.take(command(`run u${index}`));
  for (let tries = 0; tries < 500 && posted.length < 28; tries++)
    await new Promise(resolve => setImmediate(resolve));
  expect(JSON.stringify(requests.take(command('unfreeze')))).not.toContain('try again');
  for (const sync of await syncs.list()) await syncs.patchStatus(sync, { phase: 'Succeeded' });
  requests.syncs(await syncs.list());
  await requests.idle();
});

describe('run', () => {
  async function finish(phase: 'Succeeded' | 'Failed'): Promise<void> {
    for (const sync of await syncs.list()) await syncs.patchStatus(sync, { phase });
    await seen();
  }
  const until = async (what: () => Promise<boolean>) => {
    for (let tries = 0; tries < 200 && !(await what()); tries++)
      await new Promise(resolve => setImmediate(resolve));
  };

  it('names the revision that is compared with, and who asked', async () => {
    requests.take(command('run'));
    await until(async () => (await syncs.list()).length > 0);
    expect((await syncs.list()).map(({ spec }) => spec)).toEqual([
      { unit: 'shop', revision, reason: 'request', requestedBy: 'U0ALICE (alice)' },
    ]);
    await until(async () => posted.length > 0);
    await finish('Succeeded');
    await requests.idle();
    expect(posted).toHaveLength(2);
    expect(posted[1]).toMatch(/^1\.0 .*converged/);
    expect(shown()).toContain('converged');
    expect(audit.records).toEqual([]);
  });

  it('asked for twice makes one Sync while it goes on', async () => {
    requests.take(command('run shop'));
    await until(async () => (await syncs.list()).length > 0);
    await seen();
    requests.take(press('converge'));
    for (let tries = 0; tries < 50; tries++) await new Promise(resolve => setImmediate(resolve));
    expect(await syncs.list()).toHaveLength(1);
    expect(posted).toHaveLength(1);
    await finish('Failed');
    await requests.idle();
    expect(shown()).toContain('FAILED');
  });

  it('tells its end in the thread of the incident also after a restart', async () => {
    requests.take(press('converge'));
    await until(async () => (desk.incidents[0]?.notes.length ?? 0) > 1);
    const noted = () => desk.incidents[0]?.notes.findLast(({ id }) => id?.startsWith('sync/'));
    expect(noted()).toMatchObject({ who: { name: 'alice', slack: 'U0ALICE' } });
    requests = open();
    await finish('Failed');
    expect(JSON.stringify(noted()?.lines)).toContain('FAILED');
    expect(noted()?.who?.name).toBe('alice');
    expect(noted()?.over).toBe(true);
  });

  it('that succeeded is not told to differ still: the next comparison says how it is', async () => {
    requests.take(press('converge'));
    await until(async () => (desk.incidents[0]?.notes.length ?? 0) > 1);
    await finish('Succeeded');
    const note = desk.incidents[0]?.notes.findLast(({ id }) => id?.startsWith('sync/'));
    expect(JSON.stringify(note?.lines)).toContain('converged');
    expect(note?.over).toBeUndefined();
  });
});

describe('a press', () => {
  it('acknowledges and snoozes as the one who pressed', async () => {
    requests.take(press('acknowledge'));
    await requests.idle();
    expect(desk.incidents[0]?.acknowledged?.by).toEqual({ name: 'alice', slack: 'U0ALICE' });
    requests.take(press('snooze', '1h'));
    await requests.idle();
    expect(desk.incidents[0]?.snoozed?.by.slack).toBe('U0ALICE');
    expect(heard.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  });

  it.each(['', '99d', '__proto__', 'toString'])('on a snooze of %j does nothing', async value => {
    requests.take(press('snooze', value));
    await requests.idle();
    expect(desk.incidents[0]?.snoozed).toBeUndefined();
    expect(heard).toMatchObject([{ outcome: 'HF1750' }]);
  });

  it('in a message of another incident does nothing', async () => {
    requests.take({ ...press('converge'), block: 'holdfast:other' } as Asked);
    await requests.idle();
    expect(await syncs.list()).toEqual([]);
    expect(shown()).toContain('over already');
  });

  it('never replaces the message', async () => {
    requests.take(press('diff'));
    await requests.idle();
    expect(bodies.map(({ body }) => body['replace_original'])).toEqual([false]);
  });
});

describe('a process that does not lead', () => {
  it.each<[string, () => Asked]>([
    ['a press', () => press('acknowledge')],
    ['a sync', () => command('run shop')],
  ])('does nothing about %s, and says why', async (_what, ask) => {
    const asked = ask();
    await desk.rest();
    requests.take(asked);
    await requests.idle();
    expect(shown()).toContain('HF1753');
    expect(await syncs.list()).toEqual([]);
  });
});

describe('every use is written down', () => {
  it('also what cannot be read, without repeating it', async () => {
    requests.take(command('reboot <!here>'));
    await requests.idle();
    expect(audit.records.map(({ spec }) => spec)).toMatchObject([
      { action: 'unknown', outcome: 'refused', by: 'U0ALICE (alice)', reason: 'there is no such command' },
    ]);
    expect(JSON.stringify(audit.records)).not.toContain('reboot');
    expect(shown()).toContain('/sync status');
  });

  it('also lifting what is not frozen', async () => {
    requests.take(command('unfreeze'));
    await requests.idle();
    expect(audit.records.map(({ spec }) => spec)).toMatchObject([{ action: 'unfreeze', outcome: 'done' }]);
  });

  it('also asking for a sync that is asked for already', async () => {
    requests.take(command('run shop'));
    for (let tries = 0; tries < 200 && (await syncs.list()).length === 0; tries++)
      await new Promise(resolve => setImmediate(resolve));
    await seen();
    requests.take(command('run shop'));
    for (let tries = 0; tries < 50; tries++) await new Promise(resolve => setImmediate(resolve));
    for (const sync of await syncs.list()) await syncs.patchStatus(sync, { phase: 'Succeeded' });
    await seen();
    await requests.idle();
    const [sync] = await syncs.list();
    expect(audit.records.map(({ spec }) => spec)).toMatchObject([
      { action: 'sync', outcome: 'done', reason: `is asked for already: ${sync?.metadata.name}` },
    ]);
  });
});

it('lifting a freeze is told in the channel', async () => {
  await world.freezes.freeze({ reason: 'the database moves', by: 'somebody' });
  requests.take(command('unfreeze'));
  await requests.idle();
  expect(posted.join()).toMatch(/lifted a freeze.*the database moves/);
});
