import { describe, expect, it } from 'vitest';
import { blockIdOf, incidentButtons } from '../../../src/alerts/slack/buttons.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { blocksError } from '../../fakes/slack/blocks.ts';

const at = '2026-01-02T03:04:05Z';
const all = { converge: true, adopt: true };

function incident(change: Partial<Incident> = {}, kind = 'ConfigMap', type = 'changed'): Incident {
  return {
    key: 'drift/shop/v1/ConfigMap/shop/x',
    state: 'open',
    subject: {
      kind: 'drift',
      unit: 'u'.repeat(63),
      finding: {
        unit: 'shop',
        type: type as 'changed',
        resource: { apiVersion: 'v1', kind, name: 'x' },
        changes: [{ path: '/data/a', op: 'changed' }],
      },
    },
    openedAt: at,
    updatedAt: at,
    flaps: 0,
    notes: [],
    seq: 0,
    told: {},
    ...change,
  } as Incident;
}
const actions = (given: Incident, abilities = all) =>
  incidentButtons(given, abilities)?.elements.map(element =>
    'action_id' in element ? element.action_id : '',
  ) ?? [];

describe('the buttons of an incident', () => {
  it('are within the limits of Slack, whatever its names are', () => {
    const subject = { ...incident().subject, unit: 'x'.repeat(5_000) } as Incident['subject'];
    const buttons = incidentButtons(incident({ key: 'x'.repeat(5_000), subject }), all);
    expect(blocksError(JSON.stringify([buttons]))).toBeUndefined();
  });

  it('name the incident by a hash', () => {
    expect(blockIdOf('a')).toMatch(/^holdfast:[0-9a-f]{40}$/);
    expect(blockIdOf('a')).not.toBe(blockIdOf('b'));
  });

  it.each<[string, Incident, string[]]>([
    ['all', incident(), ['acknowledge', 'diff', 'converge', 'adopt', 'snooze']],
    ['no acknowledging twice', incident({ state: 'acknowledged' }), ['diff', 'converge', 'adopt', 'snooze']],
    ['no adopting of a Secret', incident({}, 'Secret'), ['acknowledge', 'diff', 'converge', 'snooze']],
    [
      'no adopting of what is gone',
      incident({}, 'ConfigMap', 'missing'),
      ['acknowledge', 'diff', 'converge', 'snooze'],
    ],
    [
      'neither for what nobody declares',
      incident({}, 'ConfigMap', 'unmanaged'),
      ['acknowledge', 'diff', 'snooze'],
    ],
    ['none once it is over', incident({ state: 'resolved' }), []],
    [
      'none that change something while that goes on',
      incident({ notes: [{ seq: 1, at, what: 'note', id: 'sync/x', who: { name: 'alice' } }] }),
      ['acknowledge', 'diff', 'snooze'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(actions(given)).toEqual(expected.map(name => `holdfast.${name}`));
  });

  it('are back when that came to its end', () => {
    const over = { seq: 1, at, what: 'note', id: 'sync/x', who: { name: 'alice' }, over: true } as const;
    expect(actions(incident({ notes: [over] }))).toContain('holdfast.converge');
  });

  it('are back when it was opened again', () => {
    const asked = { seq: 1, at, what: 'note', id: 'sync/x', who: { name: 'alice' } } as const;
    const again = incident({
      notes: [asked, { seq: 2, at, what: 'resolved' }, { seq: 3, at, what: 'reopened' }],
    });
    expect(actions(again)).toContain('holdfast.converge');
  });

  it('are none that need a forge, without one', () => {
    expect(actions(incident(), { converge: false, adopt: false })).toEqual(
      ['acknowledge', 'diff', 'snooze'].map(name => `holdfast.${name}`),
    );
  });
});
