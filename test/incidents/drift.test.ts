import { describe, expect, it } from 'vitest';
import { compared, drift, finding, imageChange, Life, unknown, wholeUnit } from './sample.ts';

const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
const web = 'drift/shop/apps/v1/Deployment/shop/web';

describe('drift', () => {
  it('opens one incident at once for each finding', () => {
    const life = new Life();

    expect(life.at(0, compared([drift('cart'), drift('web')]))).toEqual([`opened ${cart}`, `opened ${web}`]);
  });

  it('is not told again at a read that finds the same', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    expect(life.at(5, compared([drift('cart')]))).toEqual([]);
  });

  it.each([
    [
      'a later time of writing',
      { changes: [{ ...imageChange, by: { manager: 'kubectl-set', time: '2026-08-03T15:00:00Z' } }] },
    ],
    ['another line in the file', { source: { file: 'manifests/shop/cart.yaml', line: 99 } }],
  ])('is not told again for %s', (_, partial) => {
    const life = new Life();
    life.at(0, compared([finding()]));

    expect(life.at(5, compared([finding(partial)]))).toEqual([]);
  });

  it.each([
    ['another value', { changes: [{ ...imageChange, live: 'cart:6' }] }],
    ['a further field', { changes: [imageChange, { path: '/x', op: 'added', live: 1 }] as const }],
    ['another manager', { changes: [{ ...imageChange, by: { manager: 'helm' } }] }],
    ['another type', { type: 'missing', changes: [] } as const],
    [
      'a long value that differs only at its end',
      { changes: [{ ...imageChange, live: `${'x'.repeat(9_999)}b` }] },
    ],
  ])('updates the same incident for %s', (_, partial) => {
    const life = new Life();
    life.at(0, compared([finding({ changes: [{ ...imageChange, live: `${'x'.repeat(9_999)}a` }] })]));
    life.at(1, compared([finding()]));

    expect(life.at(5, compared([finding({ ...partial, changes: [...partial.changes] })]))).toEqual([
      `updated ${cart}`,
    ]);
    expect(life.incidents.size).toBe(1);
  });

  it('is resolved when a sure comparison no longer finds it', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    expect(life.at(5, compared([]))).toEqual([`resolved ${cart}`]);
    expect(life.at(6, compared([]))).toEqual([]);
  });

  it.each([
    ['the unit is unknown', [unknown('x', wholeUnit)]],
    ['the resource is unknown', [unknown('cart')]],
    [
      'the file that declares it became invalid',
      [
        finding({
          type: 'invalid',
          resource: { type: 'File', name: 'manifests/shop/cart.yaml' },
          source: { file: 'manifests/shop/cart.yaml', line: 7 },
        }),
      ],
    ],
  ])('is not resolved merely because %s', (_, findings) => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    const transitions = life.at(5, compared(findings));

    expect(transitions).not.toContain(`resolved ${cart}`);
    expect(life.get(cart)?.state).toBe('open');
  });

  it('is resolved although another resource of the unit is unknown', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    expect(life.at(5, compared([unknown('web')]))).toEqual([`resolved ${cart}`]);
  });

  it('of one unit is not resolved by the comparison of another', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    expect(life.at(5, compared([], { unit: 'base' }))).toEqual([]);
  });

  it('of a unit that no longer exists is resolved', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    expect(life.at(5, { kind: 'units', names: ['shop', 'base'] })).toEqual([]);
    expect(life.at(6, { kind: 'units', names: ['base'] })).toEqual([`resolved ${cart}`]);
    expect(life.get(cart)).toMatchObject({ state: 'resolved', undeclared: true });
    expect(life.at(7, compared([drift('cart')]))).toEqual([`reopened ${cart}`]);
    expect(life.get(cart)).not.toHaveProperty('undeclared');
  });

  it('is the same incident when it comes back within an hour, and a new one later', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));
    life.at(10, compared([]));

    expect(life.at(3_000, compared([drift('cart')]))).toEqual([`reopened ${cart}`]);
    expect(life.get(cart)?.flaps).toBe(1);

    life.at(3_010, compared([]));
    expect(life.at(3_010 + 3_601, compared([drift('cart')]))).toEqual([`opened ${cart}`]);
    expect(life.get(cart)).toMatchObject({ flaps: 0, told: {} });
  });

  it('that was resolved is forgotten after a day', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));
    life.at(10, compared([]));

    life.at(10 + 86_399, { kind: 'passed' });
    expect(life.incidents.size).toBe(1);
    life.at(10 + 86_400, { kind: 'passed' });
    expect(life.incidents.size).toBe(0);
  });

  it('opens nothing while a newly authorized revision is converged, but resolves', () => {
    const life = new Life();
    life.at(0, compared([drift('cart')]));

    const during = { ...compared([drift('web')]), converging: true } as ReturnType<typeof compared>;
    expect(life.at(1, during)).toEqual([`resolved ${cart}`]);
    expect(life.at(2, compared([drift('web')]))).toEqual([`opened ${web}`]);
  });

  it('keeps several errors of one file in one incident', () => {
    const file = { type: 'invalid', resource: { type: 'File', name: 'a.yaml' }, changes: [] } as const;
    const life = new Life();

    const findings = ['one', 'two'].map(message => finding({ ...file, changes: [], message }));

    expect(life.at(0, compared(findings))).toEqual(['opened drift/shop/File//a.yaml']);
    expect(life.get('drift/shop/File//a.yaml')?.subject).toMatchObject({ finding: { message: 'one; two' } });
  });

  it('keeps only a bounded part of a huge finding, and never a secret value', () => {
    const changes = [...Array(500).keys()].map(index => ({
      path: `/data/k${index}`,
      op: 'changed' as const,
      declared: 'd'.repeat(100_000),
      live: 's3cret',
      ...(index === 0 ? { redacted: true } : {}),
    }));
    const life = new Life();
    life.at(0, compared([finding({ changes })]));

    const kept = life.get(cart)?.subject;

    expect(JSON.stringify(kept).length).toBeLessThan(60_000);
    expect(kept).toMatchObject({ omitted: 460 });
    expect(kept).toHaveProperty('finding.changes.0', { path: '/data/k0', op: 'changed', redacted: true });
  });

  it('keeps only a bounded part of a refusal, and counts the rest', () => {
    const life = new Life();
    const many = Array.from(
      { length: 50_000 },
      (_, index) => `deletes manifests/${index}/${'x'.repeat(600)}`,
    );
    const refusal = { branch: 'main', revision: 'b', authorized: 'a', reasons: many, changes: many };

    life.at(0, { kind: 'refused', refusal });

    const kept = life.get('refused/main')?.subject;
    expect(JSON.stringify(kept).length).toBeLessThan(60_000);
    expect(kept).toMatchObject({ omitted: 49_960 });
    expect(kept).toHaveProperty('reasons.20', '49980 more reasons');
  });
});
