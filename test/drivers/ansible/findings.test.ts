import { describe, expect, it } from 'vitest';
import { applyPlaybook } from '../../../src/drivers/ansible/apply.ts';
import { eventOf, type TaskResult } from '../../../src/drivers/ansible/events.ts';
import { judge } from '../../../src/drivers/ansible/findings.ts';
import { hostsOf, planOf } from '../../../src/drivers/ansible/plan.ts';
import type { AppliedResource } from '../../../src/drivers/driver.ts';
import { taskResult } from './support.ts';

const judged = (...results: TaskResult[]) => judge('hosts', results, path => ({ file: path }));
const changed = taskResult({
  changed: true,
  parts: [{ diff: { before: 'a', after: 'b', after_header: '/etc/motd' } }],
});
const wouldRun = taskResult({
  event: 'skipped',
  action: 'command',
  task: 'run',
  parts: [{ msg: 'Command would have run if not in check mode' }],
});

describe('what a task on a host is', () => {
  it.each<[string, TaskResult, string]>([
    ['one that would change something', changed, 'changed'],
    ['one that would not', taskResult(), 'in sync'],
    ['a command that was not run', wouldRun, 'unknown HF2104'],
    [
      'a module that does not support check mode',
      taskResult({ event: 'skipped', parts: [{ msg: 'remote module (x) does not support check mode' }] }),
      'unknown HF2104',
    ],
    [
      'one whose condition is false',
      taskResult({
        event: 'skipped',
        parts: [{ skip_reason: 'Conditional result was False', false_condition: false }],
      }),
      'in sync',
    ],
    [
      'a loop of which one command was not run',
      taskResult({ parts: [{}, { skipped: true, msg: 'Command would have run if not in check mode' }] }),
      'unknown HF2104',
    ],
    [
      'a host that cannot be reached',
      taskResult({ event: 'unreachable', parts: [{ msg: 'no route' }] }),
      'unknown HF2103',
    ],
    ['one that fails', taskResult({ event: 'failed', parts: [{ msg: 'no such file' }] }), 'unknown HF2105'],
    ['one whose failure is ignored', taskResult({ event: 'failed', ignored: true }), 'in sync'],
    ['a handler', taskResult({ changed: true, handler: true }), 'not counted'],
    ['one that only asks', taskResult({ action: 'ansible.builtin.setup' }), 'not counted'],
  ])('%s', (_, result, expected) => {
    const { findings, resources } = judged(result);
    const [finding] = findings;
    const is =
      finding === undefined
        ? resources.declared === 0
          ? 'not counted'
          : 'in sync'
        : `${finding.type} ${finding.code ?? ''}`.trim();
    expect(is).toBe(expected);
  });
});

it('a finding names module, host and task, the place and what differs', () => {
  expect(judged(changed).findings).toEqual([
    {
      unit: 'hosts',
      type: 'changed',
      resource: { type: 'copy', name: 'web1: motd' },
      source: { file: '/t/site.yml:4' },
      changes: [{ path: '/etc/motd/content', op: 'changed', declared: 'b', live: 'a' }],
    },
  ]);
});

it('a task that hides its output is told to differ, and nothing more', () => {
  const hidden = taskResult({ event: 'failed', hidden: true, parts: [{ msg: 'password hunter2 is wrong' }] });
  expect(JSON.stringify(judged(hidden).findings)).not.toContain('hunter2');
  expect(judged(taskResult({ changed: true, hidden: true })).findings[0]?.changes).toEqual([
    { path: '/no_log', op: 'changed', redacted: true },
  ]);
});

describe('a plan', () => {
  const down = taskResult({ event: 'unreachable', host: 'web2' });
  const plan = planOf('hosts', 'r', [
    changed,
    wouldRun,
    down,
    taskResult({ changed: true, handler: true, task: 'restart' }),
  ]);

  it('has what would change and what cannot be told, refuses hosts that are away, and no handlers', () => {
    expect(plan.actions.map(({ resource, paths }) => [resource.name, paths])).toEqual([
      ['web1: motd', ['/etc/motd/content']],
      ['web1: run', ['/(cannot be told before it runs)']],
    ]);
    expect(plan.refused.map(({ resource }) => resource)).toEqual([{ type: 'Host', name: 'web2' }]);
    expect(hostsOf(plan)).toEqual(['web1']);
  });

  it('has one digest in whatever order the hosts answer, another for another host or revision', () => {
    const digest = (...results: TaskResult[]) => planOf('hosts', 'r', results).digest;
    expect(digest(down, wouldRun, changed)).toBe(plan.digest);
    expect(digest(changed, wouldRun)).not.toBe(plan.digest);
    expect(planOf('hosts', 'q', [changed, wouldRun, down]).digest).not.toBe(plan.digest);
  });

  it('is carried out on its hosts alone; what followed is told, and what was not come to', async () => {
    const told: AppliedResource[] = [];
    const options = {
      onResource: (one: AppliedResource) => void told.push(one),
      signal: new AbortController().signal,
      healthTimeoutMs: 1,
    };
    let limited: readonly string[] = [];
    await applyPlaybook(plan, options, async (hosts, onResult) => {
      limited = hosts;
      onResult(taskResult({ changed: true }));
      onResult(taskResult({ changed: true, handler: true, task: 'restart' }));
      return { results: [], whole: false, sourceOf: file => ({ file }) };
    });
    expect(limited).toEqual(['web1']);
    expect(told.map(({ resource, result, message }) => [resource.name, result, message])).toEqual([
      ['web1: motd', 'applied', undefined],
      ['web1: restart', 'applied', undefined],
      ['web1: run', 'skipped', 'the run ended before it came to it'],
    ]);
  });
});

it.each(['', '{', 'null', '{"event":"ok"}', '{"event":"other"}', 'PLAY [all] ***'])(
  '%j is no event',
  line => {
    expect(eventOf(line)).toBeUndefined();
  },
);
