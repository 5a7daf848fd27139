import { describe, expect, it } from 'vitest';
import type { Declaration, DeclaredUnit } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import { judgedComparison, refuseFound, Turns, unknownUnit } from '../../src/drivers/programs.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Finding } from '../../src/findings/finding.ts';

const unit: DeclaredUnit = {
  definition: { name: 'net', driver: 'terraform', path: 'infra-state/net' },
  objects: [],
  findings: [],
  hash: '',
};
const finding = (name: string): Finding => ({
  unit: 'net',
  type: 'changed',
  resource: { type: 'aws_sqs_queue', name },
  changes: [{ path: '/tags/team', op: 'changed' }],
});

describe('a comparison by a program', () => {
  it('is sorted, without what a rule that still holds leaves out', () => {
    const ignore = [{ resource: { kind: 'aws_sqs_queue', name: 'b' }, reason: 'known', until: '2026-01-02' }];
    const declaration: Declaration = {
      revision: null,
      settings: { ...defaultSettings, ignore } as Declaration['settings'],
      units: [],
    };
    const judged = {
      findings: [finding('c'), finding('b'), finding('a')],
      resources: { declared: 3, inSync: 0 },
    };
    const on = (day: string) => {
      const began = Date.parse(`${day}T00:00:00Z`);
      return judgedComparison(unit, declaration, judged, { began, ended: began + 5 });
    };
    expect(on('2026-01-01')).toMatchObject({ verdict: 'drifted', driver: 'terraform', elapsedMs: 5 });
    expect(on('2026-01-01').findings.map(({ resource }) => resource.name)).toEqual(['a', 'c']);
    expect(on('2026-01-03').findings.map(({ resource }) => resource.name)).toEqual(['a', 'b', 'c']);
  });

  it('that failed is unknown: by the file to blame, or by what was asked', () => {
    const failure = (file?: string) =>
      new Failure('HF2003', 'no', { where: file === undefined ? {} : { file, line: 3 } });
    expect(unknownUnit(unit, failure('infra-state/net/main.tf'), 'terraform')).toMatchObject({
      ...{ type: 'unknown', code: 'HF2003', origin: 'declaration' },
      source: { file: 'infra-state/net/main.tf', line: 3 },
    });
    expect(unknownUnit(unit, failure(), 'terraform')).toMatchObject({
      ...{ origin: 'terraform', source: { file: 'infra-state/net' } },
    });
  });

  it('is not applied where something was found', () => {
    expect(() => refuseFound(unit, [])).not.toThrow();
    expect(() => refuseFound(unit, [{ ...finding('a'), code: 'HF2009', message: 'a link' }])).toThrow(
      /a link/,
    );
  });

  it('waits for the other run of its unit, and for no other unit', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let end = (): void => undefined;
    const first = turns.run(
      unit,
      () =>
        new Promise<void>(resolve => {
          end = resolve;
          order.push('first');
        }),
    );
    const second = turns.run(unit, async () => void order.push('second'));
    const other = { ...unit, definition: { ...unit.definition, name: 'other' } };
    await turns.run(other, async () => void order.push('other'));
    end();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'other', 'second']);
  });
});
