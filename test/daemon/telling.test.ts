import { describe, expect, it } from 'vitest';
import { nextOf, pageOfUnit, whatComesNext } from '../../src/daemon/telling.ts';
import type { DeclaredUnit } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { DriverName, Finding } from '../../src/findings/finding.ts';
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
      changes: [{ path: '/data/colour', declared: 'green', live: 'red' }],
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
    expect(whatComesNext(drift('changed'), { converges: true })).toContain('holdfast sync shop');
  });

  it('is a pull request, and no sync, where the declaration is not valid', () => {
    expect(whatComesNext(drift('invalid'), { converges: true })).toBe(
      'nothing by itself; a merged pull request corrects it',
    );
    expect(whatComesNext(drift('invalid'), { converges: false })).toBe(
      'nothing by itself; a merged pull request corrects it',
    );
  });

  it('is what the chat has for it, where it is told in a chat', () => {
    expect(whatComesNext(drift('changed'), { converges: true, command: '/holdfast' })).toBe(
      'nothing by itself; Converge (or `/holdfast run shop`) puts it right, a merged pull request adopts it',
    );
  });

  it('is said not to wait for anybody where hand edits are put right by themselves', () => {
    const ahead = { converges: true, healsAfterMs: 300_000 };
    expect(whatComesNext(drift('changed'), ahead)).toBe(
      'it is put right by itself after 5 min unless it is frozen; a merged pull request adopts it',
    );
    expect(whatComesNext(drift('orphaned'), ahead)).toMatch(/^nothing by itself/);
    expect(whatComesNext(drift('invalid'), ahead)).toMatch(/^nothing by itself/);
  });

  it('depends on the mode of the unit', () => {
    const forge = {} as NonNullable<Parameters<typeof nextOf>[0]['forge']>;
    const settings = structuredClone(defaultSettings);
    settings.converge.units = [{ unit: 'shop', mode: 'on-merge-and-drift', graceMinutes: 10 }];
    const of = (driver: DriverName) => ({
      settings,
      units: [{ definition: { name: 'shop', driver } } as DeclaredUnit],
    });
    for (const driver of ['kubernetes', 'helm'] as const)
      expect(nextOf({ forge }, of(driver), drift('changed'))).toContain('by itself after 10 min');
    // what is no object of the cluster waits for somebody who asks
    for (const driver of ['cloudformation', 'terraform', 'ansible'] as const)
      expect(nextOf({ forge }, of(driver), drift('changed'))).toContain('holdfast sync shop');
    expect(nextOf({ forge }, null, drift('changed'))).toContain('holdfast sync shop');
  });
});

it('a mass drift links to the page of its unit, where people can reach it', () => {
  const url = 'https://holdfast.example.com/';
  const page = { by: 'oidc', url, issuer: url, clientId: 'x', clientSecret: 'y', allow: [] } as const;
  expect(pageOfUnit({ page: { ...page, allow: [] } }, drift('changed'))).toBe(
    'https://holdfast.example.com/units/shop',
  );
  expect(pageOfUnit({ page: { by: 'loopback' } }, drift('changed'))).toBeUndefined();
});
