import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { Converging } from '../../src/daemon/converging.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import { Observer } from '../../src/daemon/observer.ts';
import type { Revisions } from '../../src/daemon/revisions.ts';
import { Sharing } from '../../src/daemon/sharing.ts';
import type { Declaration, DeclaredUnit } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { Driver } from '../../src/drivers/driver.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Origin } from '../../src/findings/finding.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import type { Log } from '../../src/log/log.ts';
import { MemoryStore } from '../fakes/incidents/parts.ts';

const root = 'a'.repeat(40);

function observed(drivers: ConstructorParameters<typeof Observer>[0]['drivers'] = new Map()) {
  const desk = new IncidentDesk({
    outlets: [],
    store: new MemoryStore(),
    telling: () => ({ environment: 'test', repository: 'r', revision: null, severity: 'info', next: '' }),
    onFailure: () => undefined,
  });
  const heard: string[] = [];
  const metrics = new Metrics();
  desk.blinded = ({ origin }) => void heard.push(`blind ${origin}`);
  desk.sees = origin => void heard.push(`sees ${origin}`);
  const observer = new Observer({
    desk,
    drivers,
    converging: new Converging(() => 0, 60_000),
    metrics,
    branch: 'main',
    changesOf: async () => [],
    look: () => undefined,
    sharing: new Sharing({ cluster: {} as Cluster, namespace: 'holdfast', holder: 'alone', log: {} as Log }),
  });
  return { observer, heard, metrics, desk };
}

/** A driver that compares once, in sync, and then sees nothing change. */
const quiet: Driver = {
  ...({} as Driver),
  name: 'kubernetes',
  observe(unit, _declaration, listener) {
    const { name } = unit.definition;
    const resources = { declared: 0, inSync: 0 };
    listener({ unit: name, driver: 'kubernetes', verdict: 'in-sync', resources, findings: [], elapsedMs: 1 });
    return { declare: () => undefined, close: async () => undefined };
  },
};

const revisions = (more: Partial<Revisions>): Revisions => ({
  declaration: null,
  authorized: root,
  tip: root,
  tipState: 'authorized',
  denial: null,
  problems: [],
  forgeAnswers: true,
  ...more,
});

const problem = (origin: Origin) => ({ origin, failure: new Failure('HF1401', 'down') });

describe('a source that could not be asked', () => {
  it('is told of as seen again once it answered', async () => {
    const { observer, heard } = observed();
    await observer.revisions(revisions({ problems: [problem('forge')], forgeAnswers: false }));
    heard.length = 0;
    await observer.revisions(revisions({}));
    expect(heard).toEqual(['sees forge']);
  });

  it('is not while nobody asked it', async () => {
    const { observer, heard } = observed();
    await observer.revisions(revisions({ problems: [problem('forge')], forgeAnswers: false }));
    heard.length = 0;
    await observer.revisions(revisions({ forgeAnswers: false }));
    expect(heard).toEqual([]);
  });
});

it('a unit that nothing happens to is reported anew all the same, and counted once', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { observer, desk, metrics } = observed(new Map([['kubernetes', quiet]]));
  const definition = { name: 'shop', driver: 'kubernetes' as const, path: 'manifests/shop' };
  const unit: DeclaredUnit = { definition, objects: [], findings: [], notObjects: [], hash: '' };
  const declaration: Declaration = { revision: root, settings: defaultSettings, units: [unit] };
  await observer.revisions(revisions({ declaration }));
  const first = desk.states.get('shop')?.comparedAt ?? '';

  await vi.advanceTimersByTimeAsync(180_000);

  const last = desk.states.get('shop')?.comparedAt ?? '';
  expect(Date.parse(last) - Date.parse(first)).toBe(180_000);
  expect(await metrics.registry.metrics()).toContain(
    'holdfast_comparison_duration_seconds_count{unit="shop"} 1',
  );
  await observer.close();
});
