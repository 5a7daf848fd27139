import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsoleOutlet } from '../../../src/alerts/console/console.ts';
import { failureCodes } from '../../../src/failure/codes.ts';
import type { Incident, Subject, Transition } from '../../../src/incidents/incident.ts';
import type { Telling } from '../../../src/incidents/outlet.ts';
import { finding, hostileFinding, imageChange } from '../../report/sample.ts';
import {
  blindSubject,
  digestSubject,
  driftSubject,
  refusedSubject,
  tell,
  telling,
  transition,
} from '../sample.ts';

async function told(one: Transition, how: Telling = telling, colour = false): Promise<string[]> {
  const blocks: string[] = [];
  await new ConsoleOutlet({ write: text => blocks.push(text), colour }).tell(tell(one, { telling: how }));
  expect(blocks).toHaveLength(1);
  return (blocks[0] ?? '').split('\n');
}

const firstLine = async (subject: Subject, what?: Transition['what'], partial?: Partial<Incident>) =>
  (await told(transition(subject, what, partial)))[0];

describe('the console', () => {
  it('tells a drift as verdict, fields, who, where and what next', async () => {
    expect(await told(transition(driftSubject))).toEqual([
      'DRIFT prod/shop: Deployment shop/cart is not as declared (main@a1b2c3d, since 14:02:11Z)',
      `  ${imageChange.path}: cart:1.2 → cart:1.3`,
      '    by kubectl-set (Update, 2026-08-03T14:02:09Z)',
      '  declared in manifests/shop/cart.yaml:14',
      '  next: nothing until a sync is asked for',
      '',
      '',
    ]);
  });

  it.each<[string, Subject, Transition['what'], Partial<Incident>, string]>([
    [
      'resolved drift',
      driftSubject,
      'resolved',
      {},
      'RESOLVED prod/shop: Deployment shop/cart is as declared again, main@a1b2c3d (after 3 min 5 s, at 14:05:16Z)',
    ],
    [
      'drift of a unit that is no longer declared',
      driftSubject,
      'resolved',
      { undeclared: true },
      'RESOLVED prod/shop: Deployment shop/cart is not compared any more, as the unit is no longer declared (after 3 min 5 s, at 14:05:16Z)',
    ],
    [
      'blindness of units that are no longer declared',
      blindSubject,
      'resolved',
      { undeclared: true },
      'RESOLVED prod: cluster: no unit that this concerned is declared any more (after 3 min 5 s, at 14:05:16Z)',
    ],
    [
      'updated drift',
      driftSubject,
      'updated',
      { updatedAt: '2026-08-03T14:09:00Z', changedAt: '2026-08-03T14:09:00Z' },
      'DRIFT prod/shop: Deployment shop/cart is not as declared (main@a1b2c3d, since 14:02:11Z, changed at 14:09:00Z)',
    ],
    [
      'reopened drift',
      driftSubject,
      'reopened',
      { flaps: 2 },
      'DRIFT prod/shop: Deployment shop/cart is not as declared (main@a1b2c3d, since 14:02:11Z, for the 3rd time)',
    ],
    [
      'missing',
      { kind: 'drift', unit: 'shop', finding: finding({ type: 'missing' }) },
      'opened',
      {},
      'DRIFT prod/shop: Deployment shop/cart is missing: declared, but not live (main@a1b2c3d, since 14:02:11Z)',
    ],
    [
      'invalid',
      {
        kind: 'drift',
        unit: 'shop',
        finding: finding({ type: 'invalid', resource: { type: 'File', name: 'a.yaml' } }),
      },
      'opened',
      {},
      'INVALID prod/shop: File a.yaml is not valid (main@a1b2c3d, since 14:02:11Z)',
    ],
    [
      'digest',
      digestSubject,
      'opened',
      {},
      'DRIFT prod/shop: 5000 resources are not as declared (main@a1b2c3d, since 14:02:11Z)',
    ],
    [
      'refused',
      refusedSubject,
      'opened',
      {},
      'REFUSED prod: main@ddddddd: not authorized, a1b2c3d stays in use in shop/infra (since 14:02:11Z)',
    ],
    [
      'healed',
      refusedSubject,
      'resolved',
      {},
      'RESOLVED prod: main: the branch is authorized again, ddddddd no longer stands in the way (after 3 min 5 s, at 14:05:16Z)',
    ],
    [
      'blind',
      blindSubject,
      'opened',
      {},
      'BLIND prod: cluster: could not compare; this says nothing about drift (since 14:02:11Z)',
    ],
    [
      'seeing again',
      blindSubject,
      'resolved',
      {},
      'RESOLVED prod: cluster: can be compared again (after 3 min 5 s, at 14:05:16Z)',
    ],
    [
      'a source that says so itself',
      { ...blindSubject, origin: 'git', itself: true } as Subject,
      'opened',
      {},
      'BLIND prod: git: cannot be asked; this says nothing about drift (since 14:02:11Z)',
    ],
    [
      'a declaration that is wrong',
      { ...blindSubject, origin: 'declaration', itself: true } as Subject,
      'opened',
      {},
      'BLIND prod: declaration: cannot be used; this says nothing about drift (since 14:02:11Z)',
    ],
    [
      'a declaration that is right again',
      { ...blindSubject, origin: 'declaration', itself: true } as Subject,
      'resolved',
      {},
      'RESOLVED prod: declaration: can be used again (after 3 min 5 s, at 14:05:16Z)',
    ],
  ])('begins with the verdict in words: %s', async (_, subject, what, partial, line) => {
    expect(await firstLine(subject, what, partial)).toBe(line);
  });

  it.each([
    ['the reasons of a refusal', refusedSubject, 'because no merged pull request explains ddddddd'],
    ['what a refused tip would have changed', refusedSubject, 'would have: deletes manifests/shop/cart.yaml'],
    ['the units that are not seen', blindSubject, 'concerns 2 units: base, shop'],
    ['what to do about a source that cannot be asked', blindSubject, failureCodes.HF1301.advice],
    ['the counts of a digest', digestSubject, '10 missing, 4990 changed'],
    ['how many more a digest holds', digestSubject, 'and 4999 more'],
  ])('tells %s', async (_, subject, line) => {
    expect((await told(transition(subject))).map(text => text.trim())).toContain(line);
  });

  it('tells that a secret differs and not what it is', async () => {
    const change = {
      ...imageChange,
      path: '/data/password',
      declared: 'old-pass',
      live: 'new-pass',
      redacted: true,
    };

    const lines = await told(
      transition({ kind: 'drift', unit: 'shop', finding: finding({ changes: [change] }) }),
    );

    expect(lines).toContain('  /data/password: secret value differs');
    expect(lines.join()).not.toMatch(/old-pass|new-pass/);
  });

  it('counts the changes that it does not show', async () => {
    const changes = [...Array(30).keys()].map(index => ({ ...imageChange, path: `/f${index}` }));

    const lines = await told(
      transition({ kind: 'drift', unit: 'shop', finding: finding({ changes }), omitted: 5 }),
    );

    expect(lines).toContain('  and 15 more changes');
  });

  it('leaves out the revision of a plain folder', async () => {
    const [line] = await told(transition(driftSubject), { ...telling, revision: null });

    expect(line).toBe('DRIFT prod/shop: Deployment shop/cart is not as declared (since 14:02:11Z)');
  });

  it('has colour only where it is asked for', async () => {
    expect((await told(transition(driftSubject), telling, true)).join()).toContain('\u001b[');
    expect((await told(transition(driftSubject))).join()).not.toContain('\u001b');
  });

  it('shows whatever stands in a finding without obeying it', async () => {
    await fc.assert(
      fc.asyncProperty(hostileFinding, async one => {
        const lines = await told(transition({ kind: 'drift', unit: one.unit, finding: one }));
        expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(lines[0]).toMatch(/^(DRIFT|INVALID) /);
      }),
      { numRuns: 50 },
    );
  });
});
