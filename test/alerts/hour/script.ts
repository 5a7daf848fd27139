import type { Comparison, Finding } from '../../../src/findings/finding.ts';
import { FakeClock } from '../../fakes/clock/clock.ts';
import { MemoryStore } from '../../fakes/incidents/parts.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { comparison, revision } from '../../report/sample.ts';
import { DaemonProcess } from './process.ts';

const minute = 60_000;
const alice = { name: 'alice', slack: 'UALICE' };
const bob = { name: 'bob', slack: 'UBOB' };
const cartKey = 'drift/shop/apps/v1/Deployment/shop/cart';
export const secretValues = [
  'c3VwZXItc2VjcmV0LTE=',
  'c3VwZXItc2VjcmV0LTI=',
  'super-secret-1',
  'super-secret-2',
];

/** The findings of each unit as they are now, and the processes that look at them. */
class Hour {
  readonly clock = new FakeClock(Date.UTC(2026, 7, 3, 14, 0, 0), 40);
  readonly store = new MemoryStore();
  readonly slack = new FakeSlack({
    channels: { CSHOP: 'member', CPAY: 'member' },
    rates: true,
    now: () => this.clock.now(),
  });
  readonly processes: DaemonProcess[] = [];
  readonly #found: Record<string, Map<string, Finding>> = { shop: new Map(), payments: new Map() };

  start(): DaemonProcess {
    const process = new DaemonProcess(this);
    this.processes.push(process);
    return process;
  }

  /** What differs in a unit changes: `null` is put right. Every process sees it. */
  see(unit: string, changes: Record<string, Finding | null>): void {
    const found = this.#found[unit] ?? new Map();
    for (const [name, finding] of Object.entries(changes)) {
      if (finding === null) found.delete(name);
      else found.set(name, finding);
    }
    this.look(unit);
  }

  look(unit: string): void {
    const findings = [...(this.#found[unit]?.values() ?? [])];
    const seen: Comparison = comparison(findings, { unit });
    for (const { desk } of this.processes) desk.compared(seen, { revision });
  }

  /** To this time of the hour. */
  async until(time: string): Promise<void> {
    const [minutes = 0, seconds = 0] = time.split(':').map(Number);
    const at = Date.UTC(2026, 7, 3, 14, 0, 0) + minutes * minute + seconds * 1000;
    await this.clock.pass(at - this.clock.now());
  }
}

/** Plays the hour, and what follows until all is quiet. Everything that people saw is in the history of the fake. */
export async function playHour(): Promise<{ slack: FakeSlack; store: MemoryStore }> {
  const hour = new Hour();
  const { slack, store } = hour;
  const first = hour.start();
  first.desk.start();
  await hour.until('0:00');

  // A drift, its value changes, somebody takes it, snoozes it, it goes on, and is put right.
  hour.see('shop', { cart: image('cart', 'cart:1.3') });
  await hour.until('3:00');
  hour.see('shop', { cart: image('cart', 'cart:1.4-debug') });
  await hour.until('4:00');
  first.desk.acknowledge(cartKey, alice);
  await hour.until('5:00');
  first.desk.snooze(cartKey, new Date(hour.clock.now() + 5 * minute).toISOString(), alice);
  await hour.until('7:00');
  hour.see('shop', { cart: image('cart', 'cart:1.5-debug') });
  await hour.until('10:30');
  first.desk.note(cartKey, syncNote('runs: 1 of 2 resources applied'));
  await hour.until('10:40');
  first.desk.note(cartKey, syncNote('succeeded: 2 applied, asked for by bob'));
  hour.see('shop', { cart: null });

  // Another comes and goes; from the fourth time on it is told once an hour.
  for (const start of [12, 14, 16, 18, 20]) {
    await hour.until(`${start}:00`);
    hour.see('shop', { web: replicas('web') });
    await hour.until(`${start + 1}:00`);
    hour.see('shop', { web: null });
  }

  // A Secret and a ConfigMap. The process is killed when Slack has the message and has not answered; another goes on.
  await hour.until('23:00');
  first.killAtNextPost();
  hour.see('payments', { secret: secret(), settings: settings() });
  await hour.until('23:10');
  hour.processes.splice(0);
  const second = hour.start();
  second.desk.start();
  hour.look('shop');
  hour.look('payments');

  // Slack is away for 20 minutes; a mass drift begins meanwhile, and something comes and is over.
  await hour.until('25:00');
  slack.down = true;
  hour.see('shop', { api: image('api', 'api:2.1') });
  await hour.until('30:00');
  hour.see('shop', many(500));
  await hour.until('35:00');
  hour.see('shop', { api: null, search: image('search', 'search:0.9') });
  hour.see('payments', { settings: null });
  await hour.until('45:00');
  slack.down = false;

  // Another process takes over, and tells on.
  await hour.until('48:00');
  const third = hour.start();
  hour.look('shop');
  hour.look('payments');
  await second.desk.rest();
  third.desk.start();
  await hour.until('50:00');
  hour.see('shop', Object.fromEntries(Object.keys(many(300)).map(name => [name, null])));
  await hour.until('52:00');
  third.desk.acknowledge('digest/shop', bob);
  await hour.until('55:00');
  hour.see('shop', { ...Object.fromEntries(Object.keys(many(500)).map(name => [name, null])), search: null });
  hour.see('payments', { secret: null });
  await hour.until('60:00');

  // What comes and goes is told once more when its window is over.
  await hour.until('150:00');
  await third.desk.close();
  return { slack, store };
}

function deployment(name: string, changes: Finding['changes']): Finding {
  return {
    unit: 'shop',
    type: 'changed',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name },
    source: { file: `manifests/shop/${name}.yaml`, line: 14 },
    ...(changes === undefined ? {} : { changes }),
  };
}

function image(name: string, live: string): Finding {
  return deployment(name, [
    {
      path: '/spec/template/spec/containers/name=web/image',
      op: 'changed',
      declared: `${name}:1.2`,
      live,
      by: { manager: 'kubectl-set', operation: 'Update', time: '2026-08-03T13:59:59Z' },
    },
  ]);
}

function replicas(name: string): Finding {
  return deployment(name, [
    { path: '/spec/replicas', op: 'changed', declared: 2, live: 5, by: { manager: 'scaler' } },
  ]);
}

/** As the driver makes it: the values are left out where the finding is made. */
function secret(): Finding {
  return {
    unit: 'payments',
    type: 'changed',
    resource: { apiVersion: 'v1', kind: 'Secret', namespace: 'payments', name: 'database' },
    source: { file: 'manifests/payments/database.yaml', line: 1 },
    changes: [
      {
        path: '/data/password',
        op: 'changed',
        declared: secretValues[0],
        live: secretValues[1],
        redacted: true,
      },
    ],
  };
}

function settings(): Finding {
  return {
    unit: 'payments',
    type: 'changed',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'payments', name: 'settings' },
    source: { file: 'manifests/payments/settings.yaml', line: 1 },
    changes: [
      {
        path: '/data/currency',
        op: 'changed',
        declared: 'EUR',
        live: 'USD',
        by: { manager: 'kubectl-edit' },
      },
      {
        path: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration',
        op: 'added',
        live: secretValues[2],
        redacted: true,
      },
    ],
  };
}

function many(count: number): Record<string, Finding> {
  const all = [...Array(count).keys()].map(index => {
    const name = `item-${String(index).padStart(3, '0')}`;
    const finding: Finding = {
      unit: 'shop',
      type: index % 10 === 0 ? 'missing' : 'changed',
      resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
      source: { file: `manifests/shop/items.yaml`, line: index * 8 + 1 },
      changes: index % 10 === 0 ? [] : [{ path: '/data/price', op: 'changed', declared: '10', live: '0' }],
    };
    return [name, finding] as const;
  });
  return Object.fromEntries(all);
}

function syncNote(text: string) {
  return {
    id: 'sync/shop-1',
    who: bob,
    lines: [{ pieces: [{ words: 'sync ' }, { outside: 'shop-1' }, { words: ` ${text}` }] }],
  };
}
