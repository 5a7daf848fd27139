import { describe, expect, it } from 'vitest';
import { Watcher } from '../../src/daemon/watcher.ts';
import type { Declaration, DeclaredUnit } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { Driver } from '../../src/drivers/driver.ts';
import { undriven } from '../../src/drivers/undriven.ts';
import type { Comparison, DriverName } from '../../src/findings/finding.ts';

const unit = (name: string, hash = 'h1', driver: DriverName = 'kubernetes'): DeclaredUnit => ({
  definition: { name, driver, path: `manifests/${name}` },
  objects: [],
  findings: [],
  notObjects: [],
  hash,
});

const declaration = (revision: string, ...units: DeclaredUnit[]): Declaration => ({
  revision,
  settings: defaultSettings,
  units,
});

const comparison = (name: string, findings = 0): Comparison => ({
  unit: name,
  driver: 'kubernetes',
  verdict: findings === 0 ? 'in-sync' : 'drifted',
  resources: { declared: 1, inSync: 1 },
  findings: Array.from({ length: findings }, () => ({
    unit: name,
    type: 'missing' as const,
    resource: { type: 'Unit', name },
  })),
  elapsedMs: 1,
});

/** A watcher over a driver whose observations the test speaks for. */
function watched() {
  const observations = new Map<
    string,
    { see: (comparison: Comparison) => void; declared: string[]; closed: boolean }
  >();
  const driver = {
    name: 'kubernetes',
    observe: (first: DeclaredUnit, _: Declaration, see: (comparison: Comparison) => void) => {
      const observation = { see, declared: [first.hash], closed: false };
      observations.set(first.definition.name, observation);
      return {
        declare: (next: DeclaredUnit) => void observation.declared.push(next.hash),
        close: async () => {
          observation.closed = true;
        },
      };
    },
  } as unknown as Driver;
  const delivered: string[] = [];
  const watcher = new Watcher(
    new Map([['kubernetes' as const, driver]]),
    undriven,
    (seen, { revision, converging }) => {
      delivered.push(`${seen.unit} ${seen.findings.length} at ${revision}${converging ? ' converging' : ''}`);
    },
  );
  const see = (name: string, findings = 0) => observations.get(name)?.see(comparison(name, findings));
  return { watcher, observations, delivered, see };
}

describe('a watcher', () => {
  it('delivers again what was seen last, and nothing of a unit that was not compared yet', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop'), unit('payments')));
    see('shop', 2);
    watcher.again();
    expect(delivered).toEqual(['shop 2 at r1', 'shop 2 at r1']);
  });

  it('delivers what is seen, with the revision that it is compared with', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    see('shop', 2);
    expect(delivered).toEqual(['shop 2 at r1']);
  });

  it('keeps the observation of a unit from one revision to the next', () => {
    const { watcher, observations } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    watcher.declare(declaration('r2', unit('shop', 'h2')));
    expect(observations.get('shop')).toMatchObject({ declared: ['h1', 'h2'], closed: false });
  });

  it('delivers again under a new revision what it leaves as it is', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    see('shop');
    watcher.declare(declaration('r2', unit('shop')));
    expect(delivered).toEqual(['shop 0 at r1', 'shop 0 at r2']);
  });

  it('delivers nothing old under a new revision that changes the unit', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    see('shop');
    watcher.declare(declaration('r2', unit('shop', 'h2')));
    expect(delivered).toEqual(['shop 0 at r1']);
  });

  it('delivers nothing old when a sync ends before the changed unit was compared anew', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    watcher.converging(new Set(['shop']));
    see('shop', 2);
    watcher.declare(declaration('r2', unit('shop', 'h2')));
    watcher.converging(new Set());
    watcher.declare(declaration('r3', unit('shop', 'h2')));
    see('shop', 1);
    expect(delivered).toEqual(['shop 2 at r1 converging', 'shop 1 at r3']);
  });

  it('marks what is seen while a sync puts the unit right, and delivers the last of it when the sync has ended', () => {
    const { watcher, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop')));
    watcher.converging(new Set(['shop']));
    see('shop', 3);
    see('shop', 1);
    watcher.converging(new Set());
    expect(delivered).toEqual(['shop 3 at r1 converging', 'shop 1 at r1 converging', 'shop 1 at r1']);
  });

  it('leaves a unit alone when only the units beside it are others', () => {
    const { watcher, observations } = watched();
    const whole = declaration('r1', unit('shop'), unit('payments'));
    watcher.declare(whole);
    watcher.declare(whole, whole.units.slice(0, 1));
    expect(observations.get('shop')?.declared).toEqual(['h1']);
  });

  it('closes and forgets a unit that is no longer declared, and names it', () => {
    const { watcher, observations, delivered, see } = watched();
    watcher.declare(declaration('r1', unit('shop'), unit('payments')));
    expect(watcher.declare(declaration('r2', unit('shop')))).toEqual(['payments']);
    see('payments', 1);
    expect(observations.get('payments')?.closed).toBe(true);
    expect(delivered).toEqual([]);
  });

  it('says of a unit without a driver that it is unknown', () => {
    const { watcher, delivered } = watched();
    watcher.declare(declaration('r1', unit('web', 'h1', 'helm')));
    expect(delivered).toEqual(['web 1 at r1']);
    expect(undriven(unit('web', 'h1', 'helm'))).toMatchObject({
      verdict: 'unknown',
      findings: [{ type: 'unknown', code: 'HF1108' }],
    });
  });

  it('knows which units were not compared yet', () => {
    const { watcher, see } = watched();
    watcher.declare(declaration('r1', unit('shop'), unit('payments')));
    see('shop');
    expect(watcher.uncompared()).toEqual(['payments']);
  });
});

describe('a driver that cannot watch', () => {
  it('is asked to look when a sync has ended, and what it saw before is not told again', () => {
    const delivered: string[] = [];
    let looks = 0;
    const look = () => {
      looks += 1;
    };
    let see: (comparison: Comparison) => void = () => undefined;
    const driver = {
      name: 'kubernetes',
      observe: (_unit: DeclaredUnit, _declaration: Declaration, listener: typeof see) => {
        see = listener;
        return { declare: () => undefined, look, close: async () => undefined };
      },
    } as unknown as Driver;
    const watcher = new Watcher(
      new Map([['kubernetes' as const, driver]]),
      undriven,
      (seen, { converging }) => {
        delivered.push(`${seen.findings.length}${converging ? ' converging' : ''}`);
      },
    );
    watcher.declare(declaration('r1', unit('shop')));
    see(comparison('shop', 2));
    watcher.converging(new Set(['shop']));
    watcher.converging(new Set());
    watcher.again();
    expect([delivered, looks]).toEqual([['2'], 1]);
    see(comparison('shop', 0));
    expect(delivered).toEqual(['2', '0']);
  });
});
