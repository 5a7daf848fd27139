import { describe, expect, it } from 'vitest';
import { whatComesNext } from '../../src/daemon/telling.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Incident } from '../../src/incidents/incident.ts';

const drift = (type: Finding['type']): Incident => ({
  key: 'drift/shop',
  id: 'f00d',
  state: 'open',
  subject: {
    kind: 'drift',
    unit: 'shop',
    finding: {
      unit: 'shop',
      type,
      resource: { apiVersion: '', kind: 'File', name: 'a.yaml' },
      source: { file: 'a.yaml', line: 1 },
    },
  } as Incident['subject'],
  openedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  flaps: 0,
  notes: [],
  seq: 0,
  told: {},
});

describe('what comes next', () => {
  it('is a sync where it would put the difference right', () => {
    expect(whatComesNext(drift('changed'), true)).toContain('holdfast sync shop');
  });

  it('is a pull request, and no sync, where the declaration is not valid', () => {
    expect(whatComesNext(drift('invalid'), true)).toBe(
      'nothing by itself; a merged pull request corrects it',
    );
    expect(whatComesNext(drift('invalid'), false)).toBe(
      'nothing by itself; a merged pull request corrects it',
    );
  });
});
