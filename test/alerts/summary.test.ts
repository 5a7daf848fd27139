import { describe, expect, it } from 'vitest';
import { consoleBlock } from '../../src/alerts/console/console.ts';
import { summaryOf } from '../../src/alerts/summary.ts';
import { remindAll } from '../../src/daemon/summary.ts';
import type { Incident, IncidentState, Subject } from '../../src/incidents/incident.ts';
import { paint } from '../../src/report/terminal.ts';
import { FakeClock } from '../fakes/clock/clock.ts';
import { RecordingOutlet } from '../fakes/incidents/parts.ts';

const drift = (name: string): Subject => ({
  kind: 'drift',
  unit: 'shop',
  finding: {
    unit: 'shop',
    type: 'missing',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
  },
});

const incident = (subject: Subject, openedAt: string, state: IncidentState = 'open'): Incident => ({
  key: `${subject.kind}/${openedAt}`,
  id: 'f00d',
  state,
  subject,
  openedAt,
  updatedAt: openedAt,
  flaps: 0,
  notes: [],
  seq: 0,
  told: {},
});

const facts = { environment: 'prod', repository: 'acme/infrastructure', now: '2026-01-02T12:00:00Z' };

const text = (incidents: Incident[]): string | undefined => {
  const message = summaryOf(incidents, facts);
  return message === undefined ? undefined : consoleBlock(message, paint(false));
};

describe('the summary of what is open', () => {
  it('is nothing when nothing is open', () => {
    expect(text([])).toBeUndefined();
    expect(text([incident(drift('a'), '2026-01-01T00:00:00Z', 'resolved')])).toBeUndefined();
    expect(text([incident(drift('a'), '2026-01-01T00:00:00Z', 'suspected')])).toBeUndefined();
  });

  it('names each incident with its age, the oldest first', () => {
    const blind: Subject = { kind: 'blind', origin: 'forge', code: 'HF1401', message: 'away', units: [] };
    expect(
      text([incident(drift('b'), '2026-01-02T11:00:00Z'), incident(blind, '2026-01-01T12:00:00Z')]),
    ).toBe(
      [
        'OPEN prod: 2 incidents in acme/infrastructure',
        '  forge: could not compare, for 1 d',
        '  shop: ConfigMap shop/b is missing: declared, but not live, for 1 h',
        '',
        '',
      ].join('\n'),
    );
  });

  it('names twenty at most, and counts the rest', () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      incident(drift(`c${index}`), '2026-01-01T12:00:00Z'),
    );
    const lines = text(many)?.trimEnd().split('\n') ?? [];
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('  and 5 more');
  });

  it('shows hostile names on one line', () => {
    expect(
      text([incident(drift('x\n\u001b[2J\u202e'), '2026-01-02T11:00:00Z')])
        ?.trimEnd()
        .split('\n'),
    ).toHaveLength(2);
  });

  describe('is told', () => {
    const told = { hash: 'x', state: 'open', flaps: 0, seq: 0, place: {} } as const;
    function remind(outlets: RecordingOutlet[], day = 0) {
      const warned: unknown[] = [];
      const log = { warn: (fields: unknown) => void warned.push(fields) };
      const clock = new FakeClock(Date.parse(facts.now) + day * 86_400_000);
      const one = { ...incident(drift('a'), '2026-01-01T12:00:00Z') };
      const incidents = [{ ...one, told: Object.fromEntries(outlets.map(({ name }) => [name, told])) }];
      const all = remindAll({ outlets, incidents: () => incidents, facts, log, clock });
      return { all, clock, warned, incidents };
    }

    it('to every outlet, though one is away', async () => {
      const [away, there] = [new RecordingOutlet('away'), new RecordingOutlet('there')];
      away.down = true;
      const { clock, warned } = remind([away, there]);
      await clock.pass(0);
      expect(there.heard).toEqual(['OPEN 1']);
      expect(warned).toMatchObject([{ lane: 'away', error: { code: 'HF1701' } }]);
    });

    it('after an outage, once, under the same id and with doubt', async () => {
      const away = new RecordingOutlet('away');
      away.down = true;
      const { clock, all } = remind([away]);
      await clock.pass(20 * 60_000);
      away.down = false;
      await clock.pass(40 * 60_000);
      await all;
      expect(away.heard).toEqual(['OPEN 1']);
      expect(new Set(away.reminders.map(({ id }) => id)).size).toBe(1);
      expect(away.reminders.map(({ doubtful }) => doubtful)).toEqual([
        false,
        ...Array.from({ length: away.reminders.length - 1 }, () => true),
      ]);
    });

    it('no more after an hour, nor when nothing is open by then', async () => {
      const away = new RecordingOutlet('away');
      away.down = true;
      const { clock, all, incidents } = remind([away]);
      await clock.pass(30_000);
      incidents.splice(0);
      away.down = false;
      await clock.pass(60_000);
      await all;
      expect(away.heard).toEqual([]);

      const dead = new RecordingOutlet('dead');
      dead.down = true;
      const late = remind([dead]);
      await late.clock.pass(3_700_000);
      await late.all;
    });

    it('each time under another id, so that no day’s is taken for a repeat of the last', async () => {
      const outlet = new RecordingOutlet('there');
      await remind([outlet]).all;
      await remind([outlet], 1).all;
      expect(outlet.heard).toHaveLength(2);
      expect(new Set(outlet.reminders.map(({ id }) => id)).size).toBe(2);
    });
  });
});
