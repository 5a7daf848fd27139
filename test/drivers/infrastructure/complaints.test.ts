import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Limit } from '../../../src/concurrency/limit.ts';
import { judge as judgeTasks } from '../../../src/drivers/ansible/findings.ts';
import type { Plan } from '../../../src/drivers/driver.ts';
import { observeScheduled } from '../../../src/drivers/schedule/observe.ts';
import { applyPlan } from '../../../src/drivers/terraform/apply.ts';
import { planOf } from '../../../src/drivers/terraform/digest.ts';
import { judge } from '../../../src/drivers/terraform/findings.ts';
import { lockFailure } from '../../../src/drivers/terraform/messages.ts';
import type { Session } from '../../../src/drivers/terraform/session.ts';
import { FakeClock } from '../../fakes/clock/clock.ts';
import { taskResult } from '../ansible/support.ts';
import { comparisonOf, declarationOf, unitOf } from '../schedule/support.ts';
import { planWith, resourceChange } from '../terraform/support.ts';

const definition = { name: 'net', driver: 'terraform' as const, path: 'infra-state/net' };
const judged = (...asked: Parameters<typeof planWith>) => judge(planWith(...asked), definition, new Map());

/** What people complain about in other tools, by the number that the complaint has in the list that the tests were made from. */
describe('complaint', () => {
  it('15: what a refresh alone would report is no drift, and no refresh alone is ever run', () => {
    const noise = resourceChange({ before: { tags: null }, after: { tags: {} } });
    const still = resourceChange({ actions: ['no-op'], before: { tags: {} }, after: { tags: {} } });
    expect(judged([still], { resource_drift: [noise] })).toMatchObject({
      findings: [],
      resources: { declared: 1, inSync: 1 },
    });
    const session = readFileSync(
      new URL('../../../src/drivers/terraform/session.ts', import.meta.url),
      'utf8',
    );
    expect(session).toContain("'plan', '-json'");
    expect(session).not.toContain('refresh-only');
  });

  it('16: a policy that AWS gives back in another order is no drift', () => {
    const policy = (actions: string[], more: object = {}) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*', ...more }],
      });
    const queue = (live: string, declared: string) =>
      judged([
        resourceChange({ address: 'aws_sqs_queue.q', before: { policy: live }, after: { policy: declared } }),
      ]).findings.length;
    expect(queue(policy(['sqs:A', 'sqs:B']), policy(['sqs:B', 'sqs:A']))).toBe(0);
    expect(queue(policy(['sqs:A']), policy(['sqs:A'], { Sid: 'x' }))).toBe(1);
  });

  const live = (team: string) =>
    planWith([resourceChange({ before: { tags: { team } }, after: { tags: { team: 'shop' } } })]);
  const applying = { onResource: () => undefined, signal: new AbortController().signal, healthTimeoutMs: 1 };
  /** A session in which live is so; what it applies is counted. */
  const sessionAt = (team: string) => {
    const done = { applied: 0 };
    const session = {
      plan: async () => live(team),
      apply: async () => {
        done.applied += 1;
        return { by: 'itself', exitCode: 0, stdout: '', stderr: '' };
      },
    } as unknown as Session;
    return { session, done };
  };

  it('17: a saved plan is not applied over newer drift, though the state has the serial that the plan knows', async () => {
    const approved = planOf(live('payments'), 'net', 'r1');
    const moved = sessionAt('somebody');
    await expect(applyPlan(moved.session, approved, applying)).rejects.toMatchObject({ code: 'HF1602' });
    expect(moved.done.applied).toBe(0);
    const same = sessionAt('payments');
    await applyPlan(same.session, approved, applying);
    expect(same.done.applied).toBe(1);
  });

  it('18: secrets are in no finding and no plan, even where the provider copied them to a field without a mark', () => {
    const secret = 'correct-horse-battery';
    const change = resourceChange({
      before: { tags: {}, tags_all: {} },
      after: { tags: { key: secret }, tags_all: { key: secret, other: secret } },
      after_sensitive: { tags: { key: true } },
    });
    expect(JSON.stringify([judged([change]), planOf(planWith([change]), 'net', 'r')])).not.toContain(secret);
  });

  it('19: one unit that fails silences none, a hiccup is not told, and one alert is not repeated', async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const parts = { clock, pool: new Limit(1), schedule: '0 * * * *', times: () => () => undefined };
    const answers = new Map([
      ['broken', ['!', '!']],
      ['hiccup', ['!', '']],
      ['shop', ['bucket', 'bucket']],
    ]);
    const observe = (name: string) =>
      observeScheduled(
        unitOf(name),
        declarationOf(),
        ({ unit, verdict }) => void told.push(`${unit} ${verdict}`),
        {
          ...parts,
          compare: async () => comparisonOf(name, ...[answers.get(name)?.shift() ?? ''].filter(Boolean)),
        },
      );
    for (const name of answers.keys()) observe(name);
    await clock.pass(60_000);
    expect(told.sort()).toEqual(['broken unknown', 'hiccup in-sync', 'shop drifted']);
  });

  it('20: a lock that somebody holds is no drift: it is told with who, since when and its id', () => {
    const holder = {
      id: '4f4b',
      who: 'alice@laptop',
      created: '2026-11-25 20:00',
      operation: 'OperationTypeApply',
    };
    expect(lockFailure(holder, { who: 'holdfast@pod', working: false })).toMatchObject({
      code: 'HF2004',
      message: 'the state is locked by alice@laptop since 2026-11-25 20:00 (ID 4f4b, OperationTypeApply)',
    });
  });

  it('20: and the plan that detects drift is the one that can be approved', () => {
    const { findings } = judge(live('payments'), definition, new Map());
    const { actions } = planOf(live('payments'), 'net', 'r1');
    expect(actions.map(({ resource, paths }) => [resource, paths])).toEqual(
      findings.map(({ resource, changes }) => [resource, changes?.map(({ path }) => path)]),
    );
  });

  it.each<[string, Plan]>([
    ['another unit with the same changes', planOf(live('payments'), 'other', 'r1')],
    ['another revision with the same changes', planOf(live('payments'), 'net', 'r2')],
  ])('21: the approval of a plan is not that of %s', async (_, other) => {
    expect(other.digest).not.toBe(planOf(live('payments'), 'net', 'r1').digest);
    const { session, done } = sessionAt('payments');
    await expect(
      applyPlan(session, { ...other, unit: 'net', revision: 'r1' }, applying),
    ).rejects.toMatchObject({ code: 'HF1602' });
    expect(done.applied).toBe(0);
  });

  const tasks = (...results: Parameters<typeof taskResult>[0][]) =>
    judgeTasks('hosts', results.map(taskResult), file => ({ file })).findings.map(
      ({ type, code }) => code ?? type,
    );

  it('24: a task that check mode skipped is not one whose condition is false', () => {
    expect(
      tasks({ event: 'skipped', parts: [{ msg: 'Command would have run if not in check mode' }] }),
    ).toEqual(['HF2104']);
    expect(
      tasks({
        event: 'skipped',
        parts: [{ skip_reason: 'Conditional result was False', false_condition: 'x' }],
      }),
    ).toEqual([]);
  });

  it('24: a task that is changed for ever can be left out by a rule, and its secret diff is not told', () => {
    const forever = taskResult({
      changed: true,
      task: 'Secret',
      hidden: true,
      parts: [{ diff: { before: 'a', after: 'password' } }],
    });
    const { findings } = judgeTasks('hosts', [forever], file => ({ file }));
    expect(JSON.stringify(findings)).not.toContain('password');
    expect(findings[0]?.resource).toEqual({ type: 'copy', name: 'web1: Secret' });
  });

  it('25: each unit has its own interval, and is looked at when it is asked for', async () => {
    const clock = new FakeClock();
    const expressions: string[] = [];
    let compared = 0;
    const observation = observeScheduled(unitOf('net', 'h', '0 6 * * *'), declarationOf(), () => undefined, {
      clock,
      pool: new Limit(1),
      schedule: '*/15 * * * *',
      times: expression => {
        expressions.push(expression);
        return () => undefined;
      },
      compare: async () => {
        compared += 1;
        return comparisonOf('net');
      },
    });
    await clock.pass(0);
    observation.look?.();
    await clock.pass(0);
    expect([expressions, compared]).toEqual([['0 6 * * *'], 2]);
  });
});
